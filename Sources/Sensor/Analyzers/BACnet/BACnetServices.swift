internal import Shared

/// What the parameters of services tell: which devices are there, and which of their properties are read or written
/// (ASHRAE 135 clauses 15 and 16). Passwords, of reinitialization and the like, are not read.
enum BACnetServices {
    static func write(_ message: BACnetMessage, _ parameters: ByteReader, into sink: inout RecordSink) {
        guard let kind = message.kind, let service = message.service, !message.isSegmentBehindFirst else { return }
        var reader = parameters
        // What cannot be read is left out of these records; the message itself is told already.
        switch (kind, service) {
        case (1, 0): try? writePresence(&reader, message.side, into: &sink)
        case (1, 1): try? writeObject(&reader, message.side, into: &sink)
        case (1, 7), (1, 8): try? writeSearch(&reader, service, message.side, into: &sink)
        case (0, 12), (0, 15), (3, 12): try? writeProperty(&reader, message, into: &sink)
        default: break
        }
    }

    /// I-Am: object, longest message, segmentation, maker.
    private static func writePresence(
        _ reader: inout ByteReader, _ side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        let object = BACnetTags.object(try BACnetTags.application(12, &reader))
        _ = try BACnetTags.application(2, &reader)
        _ = try BACnetTags.application(9, &reader)
        let vendor = BACnetTags.number(try BACnetTags.application(2, &reader))
        begin("i-am", side, into: &sink)
        set(object, into: &sink)
        if let vendor {
            sink.batch.set(Records.bacnetDiscovery.vendor, BACnetNames.vendors, vendor, otherwise: "\(vendor)")
        }
        sink.end()
    }

    /// I-Have: device, object, name.
    private static func writeObject(
        _ reader: inout ByteReader, _ side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        _ = try BACnetTags.application(12, &reader)
        let object = BACnetTags.object(try BACnetTags.application(12, &reader))
        let name = try BACnetTags.application(7, &reader)
        begin("i-have", side, into: &sink)
        set(object, into: &sink)
        sink.batch.set(Records.bacnetDiscovery.objectName, BACnetTags.text(name))
        sink.end()
    }

    /// Who-Is and Who-Has: a range of devices, and of the latter an object or its name.
    private static func writeSearch(
        _ reader: inout ByteReader, _ service: UInt8, _ side: Side, into sink: inout RecordSink
    ) throws(DecodeError) {
        let low = try BACnetTags.context(0, &reader).flatMap(BACnetTags.number)
        let high = try BACnetTags.context(1, &reader).flatMap(BACnetTags.number)
        let object = try BACnetTags.context(2, &reader).flatMap(BACnetTags.object)
        let name = try BACnetTags.context(3, &reader)
        begin(service == 8 ? "who-is" : "who-has", side, into: &sink)
        set(object, into: &sink)
        let discovery = Records.bacnetDiscovery
        if let low, let high {
            sink.batch.set(discovery.range, "\(low)-\(high)")
        } else {
            sink.batch.set(discovery.range, name: "All")
        }
        if service == 7 { sink.batch.set(discovery.objectName, name.map(BACnetTags.text) ?? "N/A") }
        sink.end()
    }

    private static func begin(_ service: StaticString, _ side: Side, into sink: inout RecordSink) {
        sink.begin(Records.bacnetDiscovery)
        sink.batch.set(Records.bacnetDiscovery.isOrig, side == .originator)
        sink.batch.set(Records.bacnetDiscovery.pduService, name: service)
    }

    private static func set(_ object: (type: UInt64, instance: UInt64)?, into sink: inout RecordSink) {
        guard let object else { return }
        sink.batch.set(Records.bacnetDiscovery.objectType, BACnetNames.objectType(object.type))
        sink.batch.set(Records.bacnetDiscovery.instanceNumber, object.instance)
    }

    /// ReadProperty, its answer, and WriteProperty: object, property, place in an array, value.
    private static func writeProperty(
        _ reader: inout ByteReader, _ message: BACnetMessage, into sink: inout RecordSink
    ) throws(DecodeError) {
        guard let object = try BACnetTags.context(0, &reader).flatMap(BACnetTags.object),
            let property = try BACnetTags.context(1, &reader).flatMap(BACnetTags.number)
        else { throw .invalid(.type) }
        let place = try BACnetTags.context(2, &reader).flatMap(BACnetTags.number)
        var value: String?
        if !reader.isEmpty, try BACnetTags.Tag(&reader).isOpening {
            value = try? BACnetTags.shown(&reader, of: property)
        }
        let records = Records.bacnetProperty
        sink.begin(records)
        sink.batch.set(records.isOrig, message.side == .originator)
        sink.batch.set(records.invokeID, message.invocation.map(UInt64.init))
        let name: StaticString =
            message.service == 15
            ? "write-property-request" : message.kind == 3 ? "read-property-ack" : "read-property-request"
        sink.batch.set(records.pduService, name: name)
        sink.batch.set(records.objectType, BACnetNames.objectType(object.type))
        sink.batch.set(records.instanceNumber, object.instance)
        sink.batch.set(records.property, BACnetNames.property(property))
        sink.batch.set(records.arrayIndex, place)
        sink.batch.set(records.value, value)
        sink.end()
    }
}
