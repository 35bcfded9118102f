import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Stands between the HTTP decoder and the application and ends connections that only take up room: idle ones,
/// requests that drip, answers nobody takes. What is not HTTP, or too much of it, is answered here.
///
/// Hummingbird's own idle timeout begins anew with every part of a body, does not see an answer that is not taken, and
/// cannot be shortened when places run out.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// How long a client that was refused may take to hang up, so that it can read why.
  private static let farewell = TimeAmount.seconds(2)

  private let census: ConnectionCensus
  private var clock: ConnectionClock
  private var timer: Scheduled<Void>?
  private var timerDue: ContinuousClock.Instant?
  private var isAnswering = false
  /// The connection was given up: what comes is dropped, what others would write too.
  private var isRefusing = false

  init(limits: ConnectionLimits, census: ConnectionCensus) {
    self.census = census
    clock = ConnectionClock(limits, at: .now)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    check(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.cancel()
    timer = nil
  }

  /// Whether nothing was received that is not answered.
  var isIdle: Bool { clock.openRequests == 0 && !clock.isReceiving }

  /// A whole request was taken from the connection before it came here.
  func requestTaken() {
    clock.headCame()
    clock.requestEnded()
  }

  /// Such a request was answered.
  func requestAnswered() { clock.answerEnded(at: .now) }

  func read(context: ChannelHandlerContext) {
    clock.readStarted(at: .now)
    context.read()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isRefusing else { return }
    switch Self.unwrapInboundIn(data) {
    case .head(let head):
      clock.headCame()
      // A client with a large body may wait for this before it sends it (RFC 9110, section 10.1.1).
      if head.headerFields[.expect]?.lowercased() == "100-continue", clock.earlierRequests == 0 {
        context.writeAndFlush(Self.wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
      }
    case .body: break
    case .end: clock.requestEnded()
    }
    context.fireChannelRead(data)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    let wasReceiving = clock.isReceiving
    clock.readEnded(at: .now)
    if clock.isReceiving, !wasReceiving { check(context) }
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    clock.becameWritable(context.channel.isWritable, at: .now)
    if !context.channel.isWritable { check(context) }
    context.fireChannelWritabilityChanged()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard !isRefusing else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    switch Self.unwrapOutboundIn(data) {
    case .head(let head): isAnswering = head.status.kind != .informational
    case .body: break
    case .end:
      isAnswering = false
      clock.answerEnded(at: .now)
    }
    context.write(data, promise: promise)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard !isRefusing else { return }
    // What came whole before this is answered first, by Hummingbird, who then meets the error.
    guard clock.earlierRequests <= 0 else {
      context.fireErrorCaught(error)
      return
    }
    let problem: Problem
    switch error {
    case HTTPParserError.headerOverflow:
      problem = Problem(
        .requestHeaderFieldsTooLarge, "headers_too_large",
        "The request's line and header fields are larger than the service takes (service.max_header_bytes).")
    case HTTPParserError.invalidEOFState:
      problem = .badRequest("The connection ended in the middle of the request.", code: "request_truncated")
    case let error as HTTPParserError:
      problem = .badRequest("This is not HTTP/1.1: \(error).", code: "http_malformed")
    case is IOError, is ChannelError:
      context.fireErrorCaught(error)
      return
    default:
      problem = .badRequest("The request's head cannot be read: \(error).", code: "http_malformed")
    }
    refuse(context, problem)
  }

  /// Does what is due and sets the timer for what is due next.
  private func check(_ context: ChannelHandlerContext) {
    guard !isRefusing else { return }
    switch clock.action(at: .now, isCrowded: census.isCrowded) {
    case .waitUntil(let moment): set(context, moment)
    case .closeIdle, .closeUnread: context.close(promise: nil)
    case .refuseSlowRequest:
      refuse(
        context,
        Problem(
          .requestTimeout, "request_timeout",
          "The request did not come to its end in time (service.request_timeout)."))
    }
  }

  private func set(_ context: ChannelHandlerContext, _ moment: ContinuousClock.Instant) {
    if let timerDue, timer != nil, timerDue <= moment { return }
    timer?.cancel()
    timerDue = moment
    let handler = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: TimeAmount(moment - .now)) {
      let (guardian, context) = handler.value
      guardian.timer = nil
      guardian.check(context)
    }
  }

  /// Answers in the application's place where no other answer stands in the way, then lets the client hang up first:
  /// closing with bytes unread would take the answer back (RFC 9112, section 9.6).
  private func refuse(_ context: ChannelHandlerContext, _ problem: Problem) {
    isRefusing = true
    timer?.cancel()
    guard clock.earlierRequests == 0, !isAnswering else {
      context.close(promise: nil)
      return
    }
    let body = ByteBuffer(bytes: problem.document(instance: ""))
    let head = HTTPResponse(
      status: problem.status,
      headerFields: [
        .contentType: "application/problem+json", .contentLength: String(body.readableBytes),
        .connection: "close", .server: "retake",
      ])
    context.write(Self.wrapOutboundOut(.head(head)), promise: nil)
    context.write(Self.wrapOutboundOut(.body(body)), promise: nil)
    context.writeAndFlush(Self.wrapOutboundOut(.end(nil)), promise: nil)
    context.close(mode: .output, promise: nil)
    let handler = NIOLoopBound(context, eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: Self.farewell) { handler.value.close(promise: nil) }
    // Whoever works on the request must not wait for the rest of it.
    context.fireErrorCaught(ChannelError.inputClosed)
  }
}

@available(*, unavailable)
extension ConnectionGuard: Sendable {}
