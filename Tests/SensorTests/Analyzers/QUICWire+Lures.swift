/// Initial packets that nobody means, of the connections of ``QUICWire``: under the keys of the identifier
/// 2222222222222222 unless told otherwise, and with hellos for `lure.example`.
extension QUICWire {
    /// A hello in draft 29.
    static let draftLure = Wire.hex(
        """
        cbff00001d08222222222222222204646464640040b22c94c35fc49656523d87e7351c727eaf9fc748f4c2b2cc1b1856
        8b2bf99cf8247fdb8f566d56146274c565e93819ad0f77c977415dfd5c7ca250b4916de12f56610e15cf6aa860fe39b8
        5483bc5e533511bc7366dc617dac56d029707b8505340c2f5bb500680cd7ca0392cd3aa67905cfabc30650861a52243f
        c18d27e3af9a6693f5493ea5423ae69006e7298b690dbfc2beae83aafabb26317d1f9795d3f85bc1eccaf1742b3a5562
        0325ec3b7e51da42
        """)
    /// A PING in draft 29.
    static let draftPing = Wire.hex(
        """
        c3ff00001d0822222222222222220464646464004018c46743a3c39616c8ae704260ab9f956d06bf9ba715bf8d78
        """)
    /// A CONNECTION_CLOSE in draft 29.
    static let draftClose = Wire.hex(
        """
        c6ff00001d08222222222222222204646464640040180e40212dde9616c897217dfcadfc8763faf73e68f22b90fd
        """)
    /// A hello in the reserved version 1a2a3a4a, under the keys of version 1.
    static let forcedLure = forced(
        "cb1a2a3a4a0822222222222222220464646464444c",
        """
        40b247508ba58415053eb4d4ee01bcfb976422f545c473a2cc091bed6ef4a4256a3d706bad2c6e1a81cf59339808fb17
        bb3b38b8a8f991e6ad6d136639e27a0eb6cd87a7772fffc75a3caaeff6b79fa4dea65630c3374bc020de9fd602281fad
        036fa9979593bbbfeac0fbcd98e9f4e829af4a0e86e4e2986a566756a9a113eac57399dfaaec258cf70aaf08a60c11ce
        314af29385086aaf78e8dcd045b4c943f3fbf274faad270426306a14e325f3671c356727
        """)
    /// As ``forcedLure``, an acknowledgement that is cut off.
    static let forcedMalformed = forced(
        "ce1a2a3a4a0822222222222222220464646464444c",
        """
        40658eae2e7c80eaba5b4a2b1168400732c18750e061d60769acbe48cb510180cf98d5ce0889cbbf246afc963dad5eb2
        44c4c15456156c0a5193ec99a11d85f15832775888dc6c4dd7a67b7571290d2b4d3ca9df3ccdb4a7109f26fc173fd958
        87e6251ba730c0
        """)
    /// A CRYPTO frame in draft 29, longer than can be.
    static let draftMalformed = Wire.hex(
        """
        c7ff00001d082222222222222222046464646400402517401ff4c469e937c378185ce08edb0a3a62ed5167f5d159911d
        ffa1ca9866673683560d1f
        """)
    /// A hello for `srv.example` under the keys of ``clientHello``, and an acknowledgement that is cut off.
    static let malformedBehindHello = Wire.hex(
        """
        c60000000108111111111111111104636363630040b3d74a649273f8b72b63f4ceeb2048775df3fb5cddcaef71293ad5
        e5884bb83185552cf136684149f79905f1d7ed590dbef8f484890fdeab6398a05fe1e324a10a243b11d9f37efa025a99
        74a6329fed16dd37e1d1625ba6ad9c6150c6e9a5094c6f253435a45f66ef18c36ea76812cc36a458b06bb5e77904e653
        51fc34cdeca24b7a64245a8cf6572ac7a990f51699915fed0a8af5bae83e4df71ac593ab45a8273eaf9e15c5858d00b3
        b0a1dac8eb841b45e5
        """)
    /// The beginning of a hello of 16 megabytes, said to be the answer to ``clientHello``.
    static let oversized = Wire.hex(
        """
        c1000000010463636363047373737300402096dadbb782ede94662b70afdfafaf5344fc22970abbfb82269332260a8e0
        d2e0
        """)
    /// As ``clientHello``, with one of the bits set that are reserved (RFC 9000 section 17.2).
    static let reservedBits = Wire.hex(
        """
        c20000000108111111111111111104636363630040b1d74a649273f8b72b63f4ceeb2048775df3fb5cddcaef71293ad5
        e5884bb83185552cf136684149f79905f1d7ed590dbef8f484890fdeab6398a05fe1e324a10a243b11d9f37efa025a99
        74a6329fed16dd37e1d1625ba6ad9c6150c6e9a5094c6f253435a45f66ef18c36ea76812cc36a458b06bb5e77904e653
        51fc34cdeca24b7a64245a8cf6572ac7a990f51699915fed0a8af5bae83e4df71ac593ab45a827c93025119e2a872b03
        4a6ca91e86a015
        """)
    /// A hello like ``clientHello``, and behind it an answer that the client makes up, which chooses ChaCha20.
    static let helloWithAnswer = Wire.hex(
        """
        cf000000010811111111111111110463636363004093c273f8b7cc63f4ce3620487f55fbf354d5c2e7792132dded8043
        b0398d5d24f93e604941ff910df9dfe5510dbefcf4849b0dcdb56298a029e1ed24b101594967fce574ed414f8d70cb52
        f38d16ce358ce26359ceb09f490396b8f55e1f36766366f50c28bc469039f439459c65c40bc538c2b43757955a0bb56d
        97b6fe110b3e7c03d28320b414fab7685c53cce5ee05e4716a
        """)
    /// A hello for `lure.example` under the keys of ``clientHello``.
    static let lureBeforeRetry = Wire.hex(
        """
        cc000000010811111111111111110463636363004062e473f8b7ff63f4ce3720487f55fbf354d5c2e7792132dded8043
        b0398d5d24f93e604941ff910df9dfe5510dbefcf4849b0dcdb66298a028e1ec24b106464e63b7ae69f44d529179ae42
        e38813cd34e6b9526c6a204333794fc0274f9d2c15f1788f
        """)
    /// A CONNECTION_CLOSE of the client under the same keys.
    static let clientClose = Wire.hex(
        """
        c200000001081111111111111111046363636300401557cc3c91242dc49621c9d640a88812447e93712fdb
        """)
}
