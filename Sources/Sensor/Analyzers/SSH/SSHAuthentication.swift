/// Tells from the sizes of encrypted segments whether someone logged in, as Zeek does.
///
/// After the keys are set the server answers SSH_MSG_SERVICE_REQUEST with SSH_MSG_SERVICE_ACCEPT, whose plain size is
/// fixed (17 bytes, padded to 24). SSH_MSG_USERAUTH_SUCCESS is 16 bytes shorter (1 byte, padded to 8).
/// SSH_MSG_USERAUTH_FAILURE has another size, always the same on one connection; the first one answers the method
/// `none`, which clients use to ask what is allowed, so only further ones are failed attempts. Whatever the MAC
/// adds, it adds to all. Wrong where a server pads at random, and impossible with compression.
///
/// Beyond what Zeek tells, two programs differ: Dropbear's server pads each packet to 16 bytes, also where the cipher's
/// block of 8 asks for fewer, and Paramiko's clients do not begin with `none`. Their first answer is a failure or, with
/// the method `keyboard-interactive`, SSH_MSG_USERAUTH_INFO_REQUEST (RFC 4256 section 3.2), which is no outcome. It is
/// the latter when the client answers with less than a request for authentication takes, and in doubt when the next
/// answer has another size.
struct SSHAuthentication: Equatable, Sendable {
    private(set) var attemptCount: UInt64 = 0
    /// Nil as long as nothing can be told.
    private(set) var succeeded: Bool?
    /// How much shorter SSH_MSG_USERAUTH_SUCCESS is than SSH_MSG_SERVICE_ACCEPT.
    private var successDeficit = 16
    /// Whether the first failure answers a real attempt.
    private var beginsWithAttempt = false
    /// Size of the client's first segment, SSH_MSG_SERVICE_REQUEST.
    private var requestSize: Int?
    /// The first failure was counted for a client that does not begin with `none`, and no other has its size yet.
    private var isPresumed = false
    /// Another answer followed that has another size.
    private var isDoubted = false
    /// What the client sent last is too short to be a request.
    private var isShort = false
    /// Size of a request for information, and of the server's last answer.
    private var promptSize: Int?
    private var answerSize: Int?
    private var acceptSize: Int?
    private var failureSize: Int?
    private var skippedBanner = false

    /// A first answer larger than SERVICE_ACCEPT by more than this is a banner (RFC 4252 §5.4).
    private static let bannerSurplus = 256
    /// Least by which a request for authentication with a password is longer than that for the service: its 45 bytes
    /// (RFC 4252 §8) against 17, padded to blocks of 8. A response to a prompt has 9 and the password.
    private static let requestSurplus = 24

    /// Looks at who the two sides say they are.
    mutating func consider(client: String?, server: String?, cipher: String?) {
        let isDropbear = server?.hasPrefix("SSH-2.0-dropbear") == true
        successDeficit = isDropbear && cipher?.hasPrefix("chacha20-poly1305") == true ? 8 : 16
        beginsWithAttempt = client?.hasPrefix("SSH-2.0-paramiko") == true
    }

    /// Takes the size of a segment of the client.
    mutating func clientSegment(_ byteCount: Int) {
        guard let requestSize else { return self.requestSize = byteCount }
        isShort = byteCount < requestSize + Self.requestSurplus
    }

    /// Takes the size of a segment of the server.
    mutating func serverSegment(_ byteCount: Int) {
        guard requestSize != nil, succeeded != true else { return }
        guard let acceptSize else { return self.acceptSize = byteCount }
        if isPresumed, isShort, answerSize == failureSize { withdrawPrompt() }
        isShort = false
        answerSize = byteCount
        guard byteCount != promptSize else { return }
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
                isPresumed = beginsWithAttempt
            }
            return
        }
        guard byteCount == failureSize else { return isPresumed ? doubt() : () }
        if isDoubted { refuse() }
        refuse()
        (isPresumed, isDoubted) = (false, false)
    }

    private mutating func refuse() {
        attemptCount += 1
        succeeded = false
    }

    /// What was taken for the first failure was a question: the first failure is still to come.
    private mutating func withdrawPrompt() {
        takeBack()
        (promptSize, failureSize) = (failureSize, nil)
    }

    /// Failures have one size: the first answer is counted when there is another of its size.
    private mutating func doubt() {
        takeBack()
        isDoubted = true
    }

    private mutating func takeBack() {
        (attemptCount, succeeded, isPresumed) = (0, nil, false)
    }
}
