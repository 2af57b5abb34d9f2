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
///
/// The answer to `none` may hold more than a failure: a banner (RFC 4252 section 5.4), or SSH_MSG_EXT_INFO (RFC 8308),
/// which OpenSSH sends there since version 9.6 (`ext-info-in-auth@openssh.com`). It is larger than a failure is then,
/// and the next answer tells the failure's size, unless it asked for something: a signature (SSH_MSG_USERAUTH_PK_OK,
/// RFC 4252 section 7), for the client's next request is longer by one, or a password.
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
    /// The client's last segment, and whether the server has said nothing since.
    private var clientSize = 0
    private var hasAsked = false
    /// The client pads its passwords, so that no request with one is as short as others.
    private var padsPasswords = false
    /// The client's request with the method `none`, when its answer held more than a failure.
    private var noneSize: Int?
    /// Size of an answer that holds more than a failure.
    private var mixedSize: Int?
    /// The client's request whose answer's size was taken for that of failures, until the server speaks again.
    private var learntFrom: Int?

    /// A first answer larger than SERVICE_ACCEPT by more than this has a banner in it (RFC 4252 §5.4), when the client
    /// does not begin with `none`: it may be one of a success.
    private static let bannerSurplus = 256
    /// Otherwise it is not a failure alone from here on: with the five methods of OpenSSH, that is larger by 56, or by
    /// 64 with a cipher of 16 bytes a block.
    private static let mixedSurplus = 72
    /// Least by which a request with a signature is longer than the same without one: Ed25519's is the shortest, 64
    /// bytes and its name.
    private static let signatureSurplus = 64
    /// By how much a request with the method `keyboard-interactive` is longer than that with `none`: 24 bytes (RFC 4256
    /// section 3.1), padded to blocks of 8 or 16.
    private static let promptedSurplus = 16...32
    /// Least by which a request for authentication with a password is longer than that for the service: its 45 bytes
    /// (RFC 4252 §8) against 17, padded to blocks of 8. A response to a prompt has 9 and the password.
    private static let requestSurplus = 24

    /// OpenSSH pads passwords to 64 bytes, PuTTY and what is made of it to 256.
    private static let paddingClients = ["SSH-2.0-OpenSSH", "SSH-2.0-PuTTY", "SSH-2.0-WinSCP", "SSH-2.0-KiTTY"]

    /// Looks at who the two sides say they are.
    mutating func consider(client: String?, server: String?, cipher: String?) {
        let isDropbear = server?.hasPrefix("SSH-2.0-dropbear") == true
        successDeficit = isDropbear && cipher?.hasPrefix("chacha20-poly1305") == true ? 8 : 16
        beginsWithAttempt = client?.hasPrefix("SSH-2.0-paramiko") == true
        padsPasswords = Self.paddingClients.contains { client?.hasPrefix($0) == true }
    }

    /// Takes the size of a segment of the client.
    mutating func clientSegment(_ byteCount: Int) {
        guard let requestSize else { return self.requestSize = byteCount }
        isShort = byteCount < requestSize + Self.requestSurplus
        (clientSize, hasAsked) = (byteCount, true)
    }

    /// Takes the size of a segment of the server.
    mutating func serverSegment(_ byteCount: Int) {
        guard requestSize != nil, succeeded != true else { return }
        guard let acceptSize else {
            hasAsked = false
            return self.acceptSize = byteCount
        }
        if isPresumed, isShort, answerSize == failureSize { withdrawPrompt() }
        if let request = learntFrom { reconsider(request) }
        defer { hasAsked = false }
        isShort = false
        answerSize = byteCount
        guard byteCount != promptSize else { return }
        if byteCount + successDeficit == acceptSize {
            attemptCount += 1
            succeeded = true
            return
        }
        guard let failureSize else { return takeFirst(byteCount, surplus: byteCount - acceptSize) }
        guard byteCount == failureSize else {
            if isPresumed { return doubt() }
            return isDoubted && noneSize != nil ? learn(byteCount, surplus: byteCount - acceptSize) : ()
        }
        if isDoubted { refuse() }
        refuse()
        (isPresumed, isDoubted) = (false, false)
    }

    /// An answer, and the size of failures is not known yet.
    private mutating func takeFirst(_ byteCount: Int, surplus: Int) {
        if beginsWithAttempt {
            guard mixedSize != nil || surplus <= Self.bannerSurplus else { return mixedSize = byteCount }
            failureSize = byteCount
            refuse()
            isPresumed = true
        } else if noneSize != nil, hasAsked {
            learn(byteCount, surplus: surplus)
        } else if surplus >= Self.mixedSurplus {
            // A server may send its banner before anything is asked.
            if hasAsked { noneSize = clientSize }
            mixedSize = byteCount
        } else {
            failureSize = byteCount
        }
    }

    /// The first answer that may be a failure alone, of an attempt.
    private mutating func learn(_ byteCount: Int, surplus: Int) {
        guard surplus < Self.mixedSurplus || byteCount == mixedSize else {
            // It asks for a signature with a long key: what came before it was no such thing.
            if isDoubted { refuse() }
            return isDoubted = false
        }
        // Where the client is asked for a password, it may be asked for nothing more then.
        guard promptSize == nil || surplus > 0 else { return }
        if padsPasswords, promptSize == nil, isPrompted(clientSize) { return promptSize = byteCount }
        failureSize = byteCount
        isDoubted = false
        refuse()
        learntFrom = clientSize
    }

    /// Looks at what the client answered to what was taken for its first failure.
    private mutating func reconsider(_ request: Int) {
        learntFrom = nil
        if clientSize - request >= Self.signatureSurplus {
            doubt()
        } else if isPrompted(request), clientSize <= noneSize ?? 0 {
            withdrawPrompt()
        }
    }

    private func isPrompted(_ request: Int) -> Bool { Self.promptedSurplus.contains(request - (noneSize ?? request)) }

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
