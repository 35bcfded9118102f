import NIOCore

/// Stands before the HTTP decoder and answers what most requests are: `POST /v1/events`, whole in what was read at once,
/// with a key that is known. Such a request is decoded, checked and handed to the writer on the thread that read it, and
/// its answer is one write. Through decoder, router and tasks the same costs several times as much.
///
/// Everything else is passed on as it came, and so is every request the lane cannot answer at once: it adds speed and
/// no behaviour. It knows where a request ends in what it passed on, and takes the next one itself only when the
/// decoder holds no bytes and owes no answer; once it has lost count it passes on the rest of the connection.
///
/// What comes while it answers, further requests or the connection's end, is held back until then, so that answers keep
/// the order of their requests (RFC 9112, section 9.3.2).
final class EventLane: ChannelInboundHandler, ChannelOutboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  /// Where the decoder stands in what it was given.
  private enum Position {
    case betweenRequests
    /// So many bytes before the end of a body.
    case inBody(Int)
    case unknown
  }

  private enum Held {
    case bytes(ByteBuffer)
    case event(Any)
    case error(any Error)
  }

  private let reception: LaneReception
  private let guardian: ConnectionGuard
  private var position = Position.betweenRequests
  private var isAnswering = false
  private var held: [Held] = []
  private var isReadHeld = false
  private var hasForwarded = false

  init(reception: LaneReception, guardian: ConnectionGuard) {
    self.reception = reception
    self.guardian = guardian
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isAnswering {
      held.append(.bytes(Self.unwrapInboundIn(data)))
    } else {
      take(Self.unwrapInboundIn(data), context)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    guard hasForwarded else { return }
    hasForwarded = false
    context.fireChannelReadComplete()
  }

  /// A client that sends on while its request is answered is read no further; of others the end is noticed.
  func read(context: ChannelHandlerContext) {
    if held.isEmpty { context.read() } else { isReadHeld = true }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if isAnswering { held.append(.event(event)) } else { context.fireUserInboundEventTriggered(event) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if isAnswering { held.append(.error(error)) } else { context.fireErrorCaught(error) }
  }

  private func take(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
    var bytes = bytes
    while bytes.readableBytes > 0 {
      switch position {
      case .unknown: return forward(&bytes, bytes.readableBytes, context)
      case .inBody(let left):
        let count = min(left, bytes.readableBytes)
        position = count == left ? .betweenRequests : .inBody(left - count)
        forward(&bytes, count, context)
      case .betweenRequests:
        switch scan(bytes) {
        case .unclear: position = .unknown
        case .partial(let missing):
          position = .inBody(missing)
          return forward(&bytes, bytes.readableBytes, context)
        case .whole(let request):
          if answers(request, in: bytes, context) {
            bytes.moveReaderIndex(forwardBy: request.length)
            if bytes.readableBytes > 0 { held.append(.bytes(bytes)) }
            return
          }
          forward(&bytes, request.length, context)
        }
      }
    }
  }

  private func scan(_ bytes: ByteBuffer) -> RequestScan {
    bytes.withUnsafeReadableBytes { RequestScan($0.assumingMemoryBound(to: UInt8.self), maxHeadBytes: 8192) }
  }

  private func forward(_ bytes: inout ByteBuffer, _ count: Int, _ context: ChannelHandlerContext) {
    guard let part = bytes.readSlice(length: count) else { return }
    hasForwarded = true
    context.fireChannelRead(Self.wrapInboundOut(part))
  }

  /// Begins to answer the request the bytes begin with.
  /// - Returns: false when that is not for the lane.
  private func answers(
    _ request: ScannedRequest, in bytes: ByteBuffer, _ context: ChannelHandlerContext
  ) -> Bool {
    // An answer that is not taken is the decoder's side's to wait for.
    guard request.isPlain, guardian.isIdle, context.channel.isWritable else { return false }
    let eventLoop = context.eventLoop
    let here = NIOLoopBound((self, context), eventLoop: eventLoop)
    isAnswering = reception.receive(request, in: bytes) { answer in
      eventLoop.execute {
        let (lane, context) = here.value
        lane.send(answer, context)
      }
    }
    if isAnswering { guardian.requestTaken() }
    return isAnswering
  }

  private func send(_ answer: ByteBuffer, _ context: ChannelHandlerContext) {
    context.writeAndFlush(Self.wrapOutboundOut(.byteBuffer(answer)), promise: nil)
    guardian.requestAnswered()
    isAnswering = false
    guard !held.isEmpty else { return }
    var items = held[...]
    held = []
    while !isAnswering, let item = items.popFirst() {
      switch item {
      case .bytes(let bytes): take(bytes, context)
      case .event(let event): context.fireUserInboundEventTriggered(event)
      case .error(let error): context.fireErrorCaught(error)
      }
    }
    held += items
    channelReadComplete(context: context)
    if isReadHeld, held.isEmpty {
      isReadHeld = false
      context.read()
    }
  }
}

@available(*, unavailable)
extension EventLane: Sendable {}
