extension UplinkProgress {
    /// Returns when the state satisfies `condition`.
    /// - Throws: `CancellationError`.
    public func wait(until condition: (State) -> Bool) async throws {
        while !condition(state) { try await Task.sleep(for: .milliseconds(20)) }
    }
}
