/// Which values of an object are read: key paths such as `context.campaign.content`, each with a number.
struct FieldTree: Sendable {
  struct Branch: Sendable {
    let key: [UInt8]
    var field: Int?
    var branches: [Branch] = []
  }

  private(set) var branches: [Branch] = []
  let count: Int

  /// - Parameter paths: numbered in their order. Keys are separated by dots, so none may hold one.
  init(_ paths: [String]) {
    count = paths.count
    for (number, path) in paths.enumerated() {
      Self.grow(&branches, path.split(separator: ".").map { Array($0.utf8) }[...], number)
    }
  }

  private static func grow(_ branches: inout [Branch], _ keys: ArraySlice<[UInt8]>, _ number: Int) {
    guard let key = keys.first else { return }
    let index =
      branches.firstIndex { $0.key == key }
      ?? {
        branches.append(Branch(key: key))
        return branches.count - 1
      }()
    if keys.count == 1 {
      branches[index].field = number
    } else {
      grow(&branches[index].branches, keys.dropFirst(), number)
    }
  }
}

/// Walks an object and keeps what stands at a tree's key paths. Everything else is checked and skipped.
struct FieldWalk {
  let tree: FieldTree
  /// By the paths' numbers.
  private(set) var values: [JSONValue]
  /// The first path that was met twice.
  private(set) var duplicate: Int?
  private(set) var textIsValid = true

  init(_ tree: FieldTree) {
    self.tree = tree
    values = Array(repeating: .absent, count: tree.count)
  }

  /// Consumes an object that starts at `depth`.
  mutating func run(_ scanner: inout JSONScanner, depth: Int) throws(JSONSyntaxError) {
    for index in values.indices { values[index] = .absent }
    duplicate = nil
    textIsValid = true
    try walk(tree.branches, &scanner, depth: depth)
  }

  private mutating func walk(
    _ branches: [FieldTree.Branch], _ scanner: inout JSONScanner, depth: Int
  ) throws(JSONSyntaxError) {
    guard depth < scanner.depthLimit else { throw scanner.error(.tooDeep) }
    try scanner.object { (key, scanner) throws(JSONSyntaxError) in
      if !key.isValid { textIsValid = false }
      guard let branch = Self.branch(of: key, in: branches, scanner) else {
        if try !scanner.skipValue(depth: depth + 1) { textIsValid = false }
        return
      }
      if !branch.branches.isEmpty, scanner.peek() == .openBrace {
        // A place that may hold a value or an object: what the object holds is read, and that there is one is kept.
        if let field = branch.field { note(.object(scanner.position), at: field) }
        return try walk(branch.branches, &scanner, depth: depth + 1)
      }
      let (value, isValid) = try scanner.value(depth: depth + 1)
      if !isValid { textIsValid = false }
      if let field = branch.field { note(value, at: field) }
    }
  }

  private mutating func note(_ value: JSONValue, at field: Int) {
    if !values[field].isAbsent, !value.isAbsent, duplicate == nil { duplicate = field }
    if !value.isAbsent { values[field] = value }
  }

  private static func branch(
    of key: JSONScanner.RawString, in branches: [FieldTree.Branch], _ scanner: JSONScanner
  ) -> FieldTree.Branch? {
    guard key.isValid else { return nil }
    let text = scanner.bytes[key.range]
    guard key.hasEscapes else { return branches.first { $0.key.elementsEqual(text) } }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count + 4) { buffer in
      guard let count = scanner.unescape(key.range, into: buffer) else { return nil }
      return branches.first { $0.key.elementsEqual(buffer[..<count]) }
    }
  }
}
