import Testing

@testable import Sensor

/// Logins where the answer to `none` holds more than a failure: what the server can do, or a banner.
@Suite struct SSHMixedAnswerTests {
    /// Bytes of a packet with ChaCha20 (OpenSSH's PROTOCOL.chacha20poly1305): a length of 4, padding of at least 4 up
    /// to blocks of 8, a tag of 16.
    private static func packet(_ payload: Int) -> Int { 4 + (1 + payload + 4 + 7) / 8 * 8 + 16 }

    /// A password of OpenSSH's, whose packet is filled up to a multiple of 64.
    private static let password = 4 + 128 + 16
    private static let accept = packet(1 + 4 + 12)
    private static let success = packet(1)
    /// SSH_MSG_USERAUTH_FAILURE (RFC 4252 section 5.1).
    private static let failure = packet(1 + 4 + "publickey,password".utf8.count + 1)
    /// SSH_MSG_EXT_INFO with a list of the server's signatures (RFC 8308 section 3.1).
    private static let abilities = packet(1 + 4 + 4 + 15 + 4 + 160)
    private static let none = request("none", 0)

    /// A request for authentication as `root` (RFC 4252 section 5).
    private static func request(_ method: String, _ rest: Int) -> Int {
        packet(1 + 4 + 4 + 4 + 14 + 4 + method.utf8.count + rest)
    }

    /// SSH_MSG_USERAUTH_BANNER (RFC 4252 section 5.4).
    private static func banner(_ count: Int) -> Int { packet(1 + 4 + count + 4) }

    /// A conversation in segments, the server's as negative numbers, behind the request for the service.
    private static func login(client: String = "SSH-2.0-OpenSSH_10.0", _ segments: [Int]) -> SSHAuthentication {
        var login = SSHAuthentication()
        login.consider(client: client, server: "SSH-2.0-OpenSSH_10.0", cipher: "chacha20-poly1305@openssh.com")
        login.clientSegment(packet(1 + 4 + 12))
        login.serverSegment(accept)
        for size in segments { size < 0 ? login.serverSegment(-size) : login.clientSegment(size) }
        return login
    }

    private static func expect(_ login: SSHAuthentication, _ succeeded: Bool?, _ attempts: Int) {
        #expect(login.succeeded == succeeded)
        #expect(Int(login.attemptCount) == attempts)
    }

    /// After `none`, wrong passwords and then perhaps the right one.
    private static func passwords(wrong: Int, isRightAtLast: Bool) -> [Int] {
        let refused = [[Int]](repeating: [password, -failure], count: wrong)
        return Array(refused.joined()) + (isRightAtLast ? [password, -success] : [])
    }

    @Test(arguments: 0...4, [true, false]) func attemptsBehindAnAnswerWithMoreInIt(wrong: Int, isRightAtLast: Bool) {
        let attempts = Self.passwords(wrong: wrong, isRightAtLast: isRightAtLast)
        let outcome: Bool? = isRightAtLast ? true : wrong > 0 ? false : nil
        let count = wrong + (isRightAtLast ? 1 : 0)
        for more in [Self.abilities, Self.banner(80), Self.banner(120), Self.banner(900)] {
            Self.expect(Self.login([Self.none, -more - Self.failure] + attempts), outcome, count)
            // In a segment of its own, behind the request or before it.
            Self.expect(Self.login([Self.none, -more, -Self.failure] + attempts), outcome, count)
            Self.expect(Self.login([-more, Self.none, -Self.failure] + attempts), outcome, count)
        }
        // As always: the failure alone.
        Self.expect(Self.login([Self.none, -Self.failure] + attempts), outcome, count)
    }

    /// A failure that is so large by itself: methods beyond those that OpenSSH has.
    @Test func aFailureWithManyMethodsIsOneAlone() {
        let methods = "publickey,gssapi-keyex,gssapi-with-mic,password,keyboard-interactive,hostbased"
        let failure = Self.packet(1 + 4 + methods.utf8.count + 1)
        #expect(failure >= Self.accept + 64)
        Self.expect(Self.login([Self.none, -failure, Self.password, -failure]), false, 1)
        Self.expect(
            Self.login([Self.none, -failure, Self.password, -failure, Self.password, -Self.success]), true, 2)
    }

    /// Public keys: SSH_MSG_USERAUTH_PK_OK (RFC 4252 section 7) asks for a signature, and is no failure.
    @Test(arguments: [("ssh-ed25519", 51, 83), ("rsa-sha2-512", 279, 276), ("ecdsa-sha2-nistp256", 104, 100)])
    func whatAsksForASignatureIsNoFailure(name: String, key: Int, signature: Int) {
        let probe = Self.request("publickey", 1 + 4 + name.utf8.count + 4 + key)
        let signed = Self.request("publickey", 1 + 4 + name.utf8.count + 4 + key + 4 + signature)
        let isGood = Self.packet(1 + 4 + name.utf8.count + 4 + key)
        let first = [Self.none, -Self.abilities - Self.failure]
        Self.expect(Self.login(first + [probe, -isGood, signed, -Self.success]), true, 1)
        // The signature is not taken, and then a password is right.
        Self.expect(
            Self.login(first + [probe, -isGood, signed, -Self.failure, Self.password, -Self.success]), true, 2)
        // The server does not know the key; then passwords are tried.
        Self.expect(
            Self.login(first + [probe, -Self.failure, Self.password, -Self.failure, Self.password, -Self.success]),
            true, 3)
    }

    /// Two keys of which the server does not know the first, and of which the second is larger.
    @Test func aRefusedKeyBeforeALargerOneCounts() {
        let small = Self.request("publickey", 1 + 4 + 11 + 4 + 51)
        let large = Self.request("publickey", 1 + 4 + 12 + 4 + 279)
        let first = [Self.none, -Self.abilities - Self.failure]
        let isGood = Self.packet(1 + 4 + 12 + 4 + 279)
        Self.expect(
            Self.login(first + [small, -Self.failure, large, -isGood, large + 280, -Self.success]), true, 2)
        Self.expect(Self.login(first + [small, -Self.failure, large, -Self.failure]), false, 2)
        Self.expect(
            Self.login(first + [small, -Self.failure, large, -Self.failure, Self.password, -Self.success]), true, 3)
    }

    /// The method `keyboard-interactive` (RFC 4256): a request for "Password: ", the response, the outcome. OpenSSH's
    /// client fills the response up to 64 bytes; others do not.
    @Test(arguments: [("SSH-2.0-OpenSSH_10.0", 4 + 64 + 16), ("SSH-2.0-libssh2_1.11.0", packet(1 + 4 + 4 + 8))])
    func whatAsksForAPasswordIsNoFailure(client: String, response: Int) {
        let request = Self.request("keyboard-interactive", 4 + 4)
        let prompt = Self.packet(1 + 4 + 4 + 4 + 4 + 4 + 10 + 1)
        // PAM asks for nothing more before it lets someone in.
        let nothing = Self.packet(1 + 4 + 4 + 4 + 4)
        let failure = Self.packet(1 + 4 + "publickey,password,keyboard-interactive".utf8.count + 1)
        let first = [Self.none, -Self.abilities - failure]
        let wrong = [request, -prompt, response, -failure]
        let right = [request, -prompt, response, -nothing, Self.packet(1 + 4), -Self.success]
        Self.expect(Self.login(client: client, first + right), true, 1)
        Self.expect(Self.login(client: client, first + wrong), false, 1)
        Self.expect(Self.login(client: client, first + wrong + wrong + wrong), false, 3)
        Self.expect(Self.login(client: client, first + wrong + wrong + right), true, 3)
    }

    /// Passwords of a client that does not pad them, short enough to be as long as requests without one.
    @Test(arguments: [4, 8, 12, 20]) func passwordsThatAreNotPadded(length: Int) {
        let request = Self.request("password", 1 + 4 + length)
        let first = [Self.none, -Self.abilities - Self.failure]
        for wrong in 1...3 {
            let attempts = Array([[Int]](repeating: [request, -Self.failure], count: wrong).joined())
            Self.expect(Self.login(client: "SSH-2.0-libssh2_1.11.0", first + attempts), false, wrong)
            // SSH_MSG_DISCONNECT, which nobody answers.
            let goodbye = Self.packet(1 + 4 + 4 + 8 + 4)
            Self.expect(Self.login(client: "SSH-2.0-libssh2_1.11.0", first + attempts + [goodbye]), false, wrong)
            Self.expect(
                Self.login(client: "SSH-2.0-libssh2_1.11.0", first + attempts + [request, -Self.success]), true,
                wrong + 1)
        }
    }
}
