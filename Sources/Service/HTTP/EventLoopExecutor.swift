import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Runs tasks on an event loop: what serves a connection then runs on the thread that reads and writes it. Between a
/// request's bytes and its answer no other thread has to be woken, which costs more than the answer to a small request.
private final class EventLoopExecutor: TaskExecutor {
  private let eventLoop: any EventLoop

  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

/// One executor for each event loop, kept as long as the server.
private final class EventLoopExecutors: Sendable {
  private let known = Mutex<[ObjectIdentifier: EventLoopExecutor]>([:])

  func executor(of eventLoop: any EventLoop) -> EventLoopExecutor {
    known.withLock { known in
      let id = ObjectIdentifier(eventLoop)
      if let executor = known[id] { return executor }
      let executor = EventLoopExecutor(eventLoop)
      known[id] = executor
      return executor
    }
  }
}

/// HTTP/1.1 whose connections are served on their own event loops.
private struct EventLoopHTTP1: HTTPChannelHandler {
  typealias Value = HTTP1Channel.Value

  let channel: HTTP1Channel
  /// Completes the pipeline, on the connection's event loop.
  let complete: @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
  let executors = EventLoopExecutors()

  var responder: HTTPChannelHandler.Responder { channel.responder }

  func setup(channel child: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.setup(channel: child, logger: logger).flatMapThrowing { value in
      try complete(child.pipeline.syncOperations)
      return value
    }
  }

  func handle(value: Value, logger: Logger) async {
    await withTaskExecutorPreference(executors.executor(of: value.channel.eventLoop)) {
      await channel.handle(value: value, logger: logger)
    }
  }
}

extension HTTPServerBuilder {
  /// As `http1`, on event loops. What takes long, such as drawing a page, must leave them: ``OnSharedThreads``.
  /// - Parameter complete: adds to the pipeline of each connection what must stand before the HTTP decoder.
  static func http1OnEventLoops(
    configuration: HTTP1Channel.Configuration = .init(),
    complete: @escaping @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
  ) -> HTTPServerBuilder {
    HTTPServerBuilder { responder in
      EventLoopHTTP1(
        channel: HTTP1Channel(responder: responder, configuration: configuration), complete: complete)
    }
  }
}

/// Answers on the threads that all tasks share, so that connections on the same event loop do not wait for what takes
/// long.
struct OnSharedThreads: RouterMiddleware {
  typealias Context = ServiceRequestContext

  /// Bytes of a request's body up to which it stays on its event loop; nil: none does.
  var bodiesAbove: Int?

  @concurrent
  func handle(
    _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
  ) async throws -> Response {
    if isSmall(request) { return try await next(request, context) }
    return try await withTaskExecutorPreference(globalConcurrentExecutor) { try await next(request, context) }
  }

  /// What a compressed body, or one of unknown length, grows to is not known.
  private func isSmall(_ request: Request) -> Bool {
    guard let bodiesAbove, request.headers[.contentEncoding] == nil else { return false }
    guard let length = request.headers[.contentLength] else {
      return request.headers[.transferEncoding] == nil
    }
    return Int(length).map { $0 <= bodiesAbove } ?? false
  }
}
