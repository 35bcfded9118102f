/// CloudEvents' HTTP protocol binding 1.0.2, binary mode (section 3.1): attributes come as `ce-` headers, the data as
/// the body. Made here into the structured form, which is the one that is read, kept and replayed.
public enum CloudEventBinding {
  /// - Parameters:
  ///   - attributes: without their `ce-`, values as they stand in the headers.
  ///   - contentType: the body's media type.
  ///   - data: one JSON value, or nothing.
  /// - Throws: when the data is not one whole JSON value, or not said to be JSON.
  public static func structured(
    attributes: [(name: String, value: String)], contentType: String?, data: [UInt8],
    limits: DecodingLimits = DecodingLimits()
  ) throws(BodyError) -> [UInt8] {
    var event: [UInt8] = [.openBrace]
    func member(_ name: String) {
      if event.count > 1 { event.append(.comma) }
      JSONText.append(Array(name.utf8), to: &event)
      event.append(.colon)
    }
    for (name, value) in attributes {
      member(name.lowercased())
      JSONText.append(percentDecoded(value), to: &event)
    }
    if let contentType {
      member("datacontenttype")
      JSONText.append(Array(contentType.utf8), to: &event)
    }
    if try !isBlank(data, limits) {
      member("data")
      event.append(contentsOf: data)
    }
    event.append(.closeBrace)
    return event
  }

  private static func isBlank(_ data: [UInt8], _ limits: DecodingLimits) throws(BodyError) -> Bool {
    let result: Result<Bool, BodyError> = data.withUnsafeBufferPointer { bytes in
      var scanner = JSONScanner(bytes, depthLimit: limits.depth)
      if scanner.peek() == nil { return .success(true) }
      do throws(JSONSyntaxError) {
        _ = try scanner.skipValue(depth: 1)
        guard scanner.peek() == nil else { throw scanner.error(.trailingBytes) }
        // A mark of byte order may open a document, not a value within one.
        guard bytes[0] != 0xEF else { throw JSONSyntaxError(problem: .unexpectedByte, offset: 0) }
        return .success(false)
      } catch {
        return .failure(.malformed(error))
      }
    }
    return try result.get()
  }

  /// Section 3.1.3.2: `%` and two hexadecimal digits are a byte; everything else is itself.
  private static func percentDecoded(_ value: String) -> [UInt8] {
    let bytes = Array(value.utf8)
    var decoded: [UInt8] = []
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "%"), at + 2 < bytes.count, let high = hexadecimalDigit(bytes[at + 1]),
        let low = hexadecimalDigit(bytes[at + 2])
      {
        decoded.append(high << 4 | low)
        at += 3
      } else {
        decoded.append(bytes[at])
        at += 1
      }
    }
    return decoded
  }
}
