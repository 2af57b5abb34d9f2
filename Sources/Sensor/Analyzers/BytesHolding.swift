/// Something that keeps bytes until what they belong to is whole.
protocol BytesHolding {
    /// Bytes of memory that they take, those included that are reserved.
    var heldBytes: Int { get }
}

extension PerSide: BytesHolding where Value: BytesHolding {
    var heldBytes: Int { originator.heldBytes + responder.heldBytes }
}
