import Testing

@testable import Sensor

/// Logins as the sizes of a server's encrypted segments tell them.
@Suite struct SSHAuthenticationTests {
    private static let chacha = "chacha20-poly1305@openssh.com"

    private static func login(
        client: String, server: String, cipher: String, _ sizes: [Int]
    ) -> SSHAuthentication {
        var login = SSHAuthentication()
        login.consider(client: client, server: server, cipher: cipher)
        login.clientSegment(64)
        for size in sizes { login.serverSegment(size) }
        return login
    }

    /// Dropbear 2022.83's packets have at least 16 bytes behind their length. With ChaCha20, whose tag has 16, the
    /// accept has 4 + 24 + 16 and the success 4 + 16 + 16. With AES both are padded to its blocks, as usual.
    @Test(arguments: [
        (chacha, [44, 52, 36], 1), (chacha, [44, 52, 52, 52, 36], 3), (chacha, [44, 36], 1),
        ("aes128-ctr", [64, 80, 80, 48], 2), ("aes256-gcm@openssh.com", [52, 52, 36], 1),
    ])
    func dropbearPadsAllPackets(cipher: String, sizes: [Int], attempts: Int) {
        let login = Self.login(
            client: "SSH-2.0-OpenSSH_9.2", server: "SSH-2.0-dropbear_2022.83", cipher: cipher, sizes)
        #expect(login.succeeded == true)
        #expect(Int(login.attemptCount) == attempts)
    }

    /// With OpenSSH's server the same size is none of a success.
    @Test func othersPadAsLittleAsTheyMay() {
        let login = Self.login(
            client: "SSH-2.0-OpenSSH_9.2", server: "SSH-2.0-OpenSSH_9.2", cipher: Self.chacha, [44, 52, 36, 52])
        #expect(login.succeeded == false)
        #expect(login.attemptCount == 1)
    }

    /// Paramiko 5.1 sends the password at once; OpenSSH asks with `none` first.
    @Test(arguments: [("SSH-2.0-paramiko_5.1.0", false, 1), ("SSH-2.0-OpenSSH_9.2", nil, 0)])
    func theFirstFailureIsParamikosAttempt(client: String, succeeded: Bool?, attempts: Int) {
        let login = Self.login(client: client, server: "SSH-2.0-OpenSSH_9.2", cipher: "aes128-ctr", [64, 80])
        #expect(login.succeeded == succeeded)
        #expect(Int(login.attemptCount) == attempts)
    }

    /// Segments of a Paramiko client with aes128-ctr and hmac-sha2-256, each with the server's answer. Lengths are
    /// those of RFC 4252 and RFC 4256, padded to 16, and 32 of the MAC.
    private static func paramiko(_ exchange: [(client: Int, server: Int)]) -> SSHAuthentication {
        var login = SSHAuthentication()
        login.consider(client: "SSH-2.0-paramiko_3.4.0", server: "SSH-2.0-OpenSSH_9.6", cipher: "aes128-ctr")
        login.clientSegment(64)
        login.serverSegment(64)
        for (client, server) in exchange {
            login.clientSegment(client)
            login.serverSegment(server)
        }
        return login
    }

    /// A request for the method "keyboard-interactive" and the answer to "Password: "; a short password in response
    /// and the outcome, where PAM first asks nothing more, or the failure, and all that again.
    @Test(
        arguments: [
            ([(96, 80), (64, 48)], true, 1), ([(96, 80), (64, 64), (48, 48)], true, 1),
            ([(96, 80), (64, 96)], false, 1), ([(96, 80), (64, 96), (96, 80), (64, 96)], false, 2),
            ([(96, 80), (64, 96), (96, 80), (64, 48)], true, 2),
        ] as [([(Int, Int)], Bool, Int)])
    func whatAsksForAPasswordIsNoFailure(exchange: [(Int, Int)], succeeded: Bool, attempts: Int) {
        let login = Self.paramiko(exchange.map { (client: $0.0, server: $0.1) })
        #expect(login.succeeded == succeeded)
        #expect(Int(login.attemptCount) == attempts)
    }

    /// Passwords too long to be known by their segments: two answers of different sizes are not both failures, and the
    /// one whose size repeats is.
    @Test(
        arguments: [
            ([(96, 96), (96, 300)], nil, 0), ([(96, 96), (96, 64), (96, 48)], true, 1),
            ([(96, 96), (96, 80), (96, 96)], false, 2), ([(96, 96), (96, 96), (96, 300)], false, 2),
            ([(96, 96), (96, 48)], true, 2),
        ] as [([(Int, Int)], Bool?, Int)])
    func anAnswerOfAnotherSizePutsTheFirstInDoubt(exchange: [(Int, Int)], succeeded: Bool?, attempts: Int) {
        let login = Self.paramiko(exchange.map { (client: $0.0, server: $0.1) })
        #expect(login.succeeded == succeeded)
        #expect(Int(login.attemptCount) == attempts)
    }
}
