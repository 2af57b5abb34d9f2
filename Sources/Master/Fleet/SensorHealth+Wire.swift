internal import Protocol
internal import Shared

extension SensorHealth {
    init(_ wire: WireHealth, arrived: Timestamp) {
        at = Timestamp(nanoseconds: wire.atNs)
        clockOffset = at - arrived
        version = wire.version
        (packets, packetBytes) = (wire.packets, wire.packetBytes)
        (dropped, interfaceDropped, recordsLost) = (wire.dropped, wire.interfaceDropped, wire.recordsLost)
        (cpuPermille, memoryBytes) = (wire.cpuPermille, wire.memoryBytes)
        (spoolBytes, spoolBatches) = (wire.spoolBytes, wire.spoolBatches)
        (originatorPackets, responderPackets) = (wire.originatorPackets, wire.responderPackets)
        interfaces = wire.interfaces
    }
}
