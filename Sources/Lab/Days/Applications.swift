/// How programs look on the wire: TLS fingerprints and HTTP user agents. Invented digests of the right shape.
enum Applications {
    struct Program: Sendable {
        var ja3: String
        var ja4: String
        var userAgent: String
    }

    /// Browsers by platform, then the programs that talk by themselves.
    static let browser = [
        Program(
            ja3: "cd08e31494f9531f560d64c695473da9", ja4: "t13d1516h2_8daaf6152771_02713d6af862",
            userAgent:
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
                + "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
        ),
        Program(
            ja3: "773906b0efdefa24a7f2b8eb6985bf37", ja4: "t13d2014h2_a09f3c656075_14788d8d241b",
            userAgent:
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) "
                + "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15"
        ),
    ]
    static let system = Program(
        ja3: "28a2c9bd18a11de089ef85a160da29e4", ja4: "t12d190900_d83cc789557e_7af1ed941c26",
        userAgent: "Microsoft-CryptoAPI/10.0")
    static let updater = Program(
        ja3: "a0e9f5d64349fb13191bc781f81f42e1", ja4: "t12d1909h1_d83cc789557e_7af1ed941c26",
        userAgent: "Microsoft-Delivery-Optimization/10.1")
    static let antivirus = Program(
        ja3: "3b5074b1b5d032e5620f69f9f700ff0e", ja4: "t12d1312h1_8b80da21ef18_b00751acaffa", userAgent: "VBAgent/12.4")
    static let chat = Program(
        ja3: "2a458dd9c65afbcf591cd8c2a194b804", ja4: "t13d1515h2_8daaf6152771_de4a06bb82e3", userAgent: "Teams/25.9")
    static let firmware = Program(
        ja3: "d6828e30ab66774a91a96ae93be4ae4c", ja4: "t12i080600_6dbd2b4dcc4a_e7c285222651", userAgent: "cam-agent/2.1"
    )
    /// A program written with a scripting language: nobody in the company uses one against the outside.
    static let script = Program(
        ja3: "8d9f7747675e24454cd9b7ed35c58707", ja4: "t13i181000_85036bcba153_d41ae481755e",
        userAgent: "python-requests/2.32.3")

    static func browser(of platform: Int) -> Program { browser[platform < browser.count ? platform : 0] }
}
