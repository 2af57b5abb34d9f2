/// Tells from the sizes of encrypted segments whether someone logged in, as Zeek does.
///
/// After the keys are set the server answers SSH_MSG_SERVICE_REQUEST with SSH_MSG_SERVICE_ACCEPT, whose plain size is
/// fixed (17 bytes, padded to 24). SSH_MSG_USERAUTH_SUCCESS is 16 bytes shorter (1 byte, padded to 8).
/// SSH_MSG_USERAUTH_FAILURE has another size, always the same on one connection; the first one answers the method
/// `none`, which clients use to ask what is allowed, so only further ones are failed attempts. Whatever the MAC
/// adds, it adds to all. Wrong where a server pads at random, and impossible with compression.
///
/// Beyond what Zeek tells, two programs differ: Dropbear's server pads each packet to 16 bytes, also where the cipher's
/// block of 8 asks for fewer, and Paramiko's clients do not begin with `none`.
struct SSHAuthentication: Equatable, Sendable {
    private(set) var attemptCount: UInt64 = 0
    /// Nil as long as nothing can be told.
    private(set) var succeeded: Bool?
    /// How much shorter SSH_MSG_USERAUTH_SUCCESS is than SSH_MSG_SERVICE_ACCEPT.
    private var successDeficit = 16
    /// Whether the first failure answers a real attempt.
    private var beginsWithAttempt = false
    private var sawClient = false
    private var acceptSize: Int?
    private var failureSize: Int?
    private var skippedBanner = false

    /// A first answer larger than SERVICE_ACCEPT by more than this is a banner (RFC 4252 §5.4).
    private static let bannerSurplus = 256

    /// Looks at who the two sides say they are.
    mutating func consider(client: String?, server: String?, cipher: String?) {
        let isDropbear = server?.hasPrefix("SSH-2.0-dropbear") == true
        successDeficit = isDropbear && cipher?.hasPrefix("chacha20-poly1305") == true ? 8 : 16
        beginsWithAttempt = client?.hasPrefix("SSH-2.0-paramiko") == true
    }

    mutating func clientSegment() { sawClient = true }

    /// Takes the size of a segment of the server.
    mutating func serverSegment(_ byteCount: Int) {
        guard sawClient, succeeded != true else { return }
        guard let acceptSize else { return self.acceptSize = byteCount }
        if byteCount + successDeficit == acceptSize {
            attemptCount += 1
            succeeded = true
            return
        }
        guard let failureSize else {
            if !skippedBanner, byteCount - acceptSize > Self.bannerSurplus {
                skippedBanner = true
            } else {
                self.failureSize = byteCount
                if beginsWithAttempt { refuse() }
            }
            return
        }
        if byteCount == failureSize { refuse() }
    }

    private mutating func refuse() {
        attemptCount += 1
        succeeded = false
    }
}
