/// Finds many short texts in one pass over bytes, whatever their case (ASCII): the automaton of Aho & Corasick,
/// "Efficient string matching: an aid to bibliographic search" (1975), with its failure links worked into the table.
struct TokenMatcher: Sendable {
  /// Bytes that stand in no token share class 0.
  private let classes: [UInt8]
  private let width: Int
  /// The state after each state and class.
  private let next: [UInt16]
  /// By state: the tokens that end there are `endings[starts[state]..<starts[state + 1]]`.
  private let starts: [UInt32]
  private let endings: [UInt16]

  /// At most 65,535 bytes of tokens in all; empty tokens never match.
  init(_ tokens: [[UInt8]]) {
    let tokens = tokens.map { $0.map(Self.lowered) }
    var classes = [UInt8](repeating: 0, count: 256)
    var width = 1
    for byte in Set(tokens.joined()).sorted() {
      classes[Int(byte)] = UInt8(width)
      width += 1
    }
    for byte in UInt8(ascii: "A")...UInt8(ascii: "Z") {
      classes[Int(byte)] = classes[Int(Self.lowered(byte))]
    }
    let trie = Trie(tokens, classes: classes, width: width)
    self.classes = classes
    self.width = width
    next = trie.next
    starts = trie.endings.reduce(into: [0]) { $0.append($0[$0.count - 1] + UInt32($1.count)) }
    endings = trie.endings.flatMap(\.self)
  }

  /// Calls `found` with each token's number at each place where it ends, until it answers false.
  @inline(__always)
  func scan(_ text: UnsafeBufferPointer<UInt8>, _ found: (Int) -> Bool) {
    var state = 0
    for byte in text {
      state = Int(next[state * width + Int(classes[Int(byte)])])
      let (from, until) = (Int(starts[state]), Int(starts[state + 1]))
      for index in from..<until where !found(Int(endings[index])) { return }
    }
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }
}

private struct Trie {
  var next: [UInt16]
  var endings: [[UInt16]] = [[]]

  init(_ tokens: [[UInt8]], classes: [UInt8], width: Int) {
    next = [UInt16](repeating: 0, count: width)
    for (number, token) in tokens.enumerated() where !token.isEmpty {
      var state = 0
      for byte in token {
        let edge = state * width + Int(classes[Int(byte)])
        if next[edge] == 0 {
          precondition(endings.count < Int(UInt16.max), "too many tokens")
          next[edge] = UInt16(endings.count)
          endings.append([])
          next.append(contentsOf: repeatElement(0, count: width))
        }
        state = Int(next[edge])
      }
      endings[state].append(UInt16(number))
    }
    link(width)
  }

  /// In order of depth: where a state has no edge, its longest proper suffix's edge is taken, and a suffix's tokens
  /// end where the state ends.
  private mutating func link(_ width: Int) {
    var suffix = [Int](repeating: 0, count: endings.count)
    var queue = (0..<width).map { Int(next[$0]) }.filter { $0 != 0 }
    var head = 0
    while head < queue.count {
      let state = queue[head]
      head += 1
      endings[state] += endings[suffix[state]]
      for edge in 0..<width {
        let beyond = Int(next[suffix[state] * width + edge])
        let child = Int(next[state * width + edge])
        if child == 0 {
          next[state * width + edge] = UInt16(beyond)
        } else {
          suffix[child] = beyond
          queue.append(child)
        }
      }
    }
  }
}
