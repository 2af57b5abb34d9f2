extension UplinkProgress {
    /// Returns when the state satisfies `condition`.
    /// - Throws: `CancellationError`.
    public func wait(until condition: (State) -> Bool) async throws {
        try await changed.wait { condition(state) }
    }
}
