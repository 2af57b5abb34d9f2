public import Shared

/// What a story really did: the answer that detection is measured against.
public struct Truth: Sendable, Equatable {
    public struct File: Sendable, Equatable {
        public var path: String
        public var byteCount: UInt64
    }

    public var kind: StoryKind
    public var site = ""
    public var start: Timestamp
    public var end: Timestamp
    /// Name of the machine that did it.
    public var device: String
    /// Its address on that day.
    public var address: String
    public var mac = ""
    public var user: String?
    public var server: String?
    public var serverAddress: String?
    /// Name outside that took part.
    public var destination: String?
    /// Content read from the server's files.
    public var bytesRead: UInt64 = 0
    /// Payload sent to the destination.
    public var bytesSent: UInt64 = 0
    /// Connections, logins or queries that make up the story.
    public var events = 0
    public var files: [File] = []

    /// One JSON object without newline.
    public var json: String {
        var out = JSONWriter()
        out.begin()
        out.member("time", start.rfc3339)
        out.member("end", end.rfc3339)
        out.member("kind", kind.rawValue)
        out.member("site", site)
        out.member("device", device)
        out.member("address", address)
        out.member("mac", mac)
        out.member("user", user)
        out.member("server", server)
        out.member("server_address", serverAddress)
        out.member("destination", destination)
        out.member("bytes_read", bytesRead)
        out.member("bytes_sent", bytesSent)
        out.member("events", UInt64(events))
        out.list("files", files) { file, out in
            out.begin()
            out.member("name", file.path)
            out.member("bytes", file.byteCount)
            out.finish()
        }
        out.finish()
        return out.text
    }
}
