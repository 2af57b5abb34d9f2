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
        login.clientSegment()
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
}
