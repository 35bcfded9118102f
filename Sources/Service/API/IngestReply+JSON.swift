import HTTPTypes
import Hummingbird
import Ingestion
import NIOCore

extension IngestReply {
  /// What the sender is told, written straight into a buffer: an encoder costs more than all events of a small request.
  ///
  ///     {"counts":{"duplicate":0,"quarantined":0,"received":1,"rejected":0,"stored":1},"rejected":[],
  ///      "status":1,"success":true}
  var json: ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(128 + rejected.count * 160)
    buffer.writeStaticString("{\"counts\":{\"duplicate\":")
    buffer.writeDecimal(counts.duplicate)
    buffer.writeStaticString(",\"quarantined\":")
    buffer.writeDecimal(counts.quarantined)
    buffer.writeStaticString(",\"received\":")
    buffer.writeDecimal(received)
    buffer.writeStaticString(",\"rejected\":")
    buffer.writeDecimal(counts.rejected)
    // Left out when there are none, which is nearly always.
    if spooled > 0 {
      buffer.writeStaticString(",\"spooled\":")
      buffer.writeDecimal(spooled)
    }
    buffer.writeStaticString(",\"stored\":")
    buffer.writeDecimal(counts.stored)
    buffer.writeStaticString("},\"rejected\":[")
    for (place, rejection) in rejected.enumerated() {
      buffer.writeStaticString(place == 0 ? "{\"code\":\"" : ",{\"code\":\"")
      buffer.writeString(rejection.code.rawValue)
      buffer.writeStaticString("\",\"index\":")
      buffer.writeDecimal(rejection.index)
      buffer.writeStaticString(",\"message\":\"")
      buffer.writeEscaped(rejection.message)
      buffer.writeStaticString(
        rejection.code.isQuarantine ? "\",\"quarantined\":true}" : "\",\"quarantined\":false}")
    }
    buffer.writeStaticString("],\"status\":1,\"success\":true}")
    return buffer
  }

  /// Exactly 200 is the only success that RudderStack's and PostHog's SDKs know.
  var response: Response {
    Response(
      status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: json))
  }
}

extension ByteBuffer {
  mutating func writeDecimal(_ number: Int) {
    if (0..<10).contains(number) {
      writeInteger(UInt8(ascii: "0") + UInt8(number))
    } else {
      writeString(String(number))
    }
  }

  /// A text between the quotes of a JSON string (RFC 8259, section 7).
  mutating func writeEscaped(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        writeInteger(UInt8(ascii: "\\"))
        writeInteger(byte)
      case 0x00..<0x20:
        writeString("\\u00" + (byte < 0x10 ? "0" : "1") + String(byte & 15, radix: 16))
      default: writeInteger(byte)
      }
    }
  }
}
