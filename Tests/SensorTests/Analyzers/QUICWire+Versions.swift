/// Initial packets of versions beside the standard's first, of the same connections and hellos as ``QUICWire``.
extension QUICWire {
    /// A first packet of the reserved version 1a2a3a4a (RFC 9000 section 15), with a token of zeros that makes it as
    /// long as it must be.
    static func forced(_ head: String, _ sealed: String, tokenLength: Int = 1100) -> [UInt8] {
        Wire.join(Wire.hex(head), [UInt8](repeating: 0, count: tokenLength), Wire.hex(sealed))
    }

    /// Under the keys of version 1.
    static let forcedByVersion1 = forced(
        "c71a2a3a4a0811111111111111110463636363444c",
        """
        4068d673f8b7e163f4ce3120483c16b8b0179681a43a62719eaec300f37ace1e67ba7d230a02bcd24eba9ca6120dbefc
        f4849b0dcd8c6298a029e1ed24b101594967fce574ed414f8d70cb52f38d16ce358ce26172ce9d9e4954319544e9e065
        1a19b7e72849d7ea58e0
        """)
    /// Under those of draft 29 (draft-ietf-quic-tls-29 section 5.2).
    static let forcedByDraft29 = forced(
        "cf1a2a3a4a0811111111111111110463636363444c",
        """
        4068108cea56fa4427ff7c0c4f72fcbda9714741441506ac14f79d414f7f91b11aa7d45c2662a10bf729c610d864446a
        ae168eb5abe1855020ac2f70cf6682ab494f59bd1d396ddbec50b984bc986309f57b177eacd294c3f2b45fa0592f2972
        7e57d43d41059d867147
        """)
    /// Under those of draft 27 (draft-ietf-quic-tls-27 section 5.2).
    static let forcedByDraft27 = forced(
        "cd1a2a3a4a0811111111111111110463636363444c",
        """
        4068719a5e28f32805b9ca6a53bc4b3906dedda8895b2e0accdbcb3dd26d0337004b39364d955a846bf04feb133deccb
        f97c12f7e096b659e9c9485ba0b783df2fa6c4000208be4c32156d9381c6be85506c7af808b8bfe2a42f7d684b8de0f4
        32b5b23e8994332d8f0d
        """)
    /// Under those of version 2 (RFC 9369 section 3.3), whose types of packets it has.
    static let forcedByVersion2 = forced(
        "d61a2a3a4a0811111111111111110463636363444c",
        """
        4068d4ab92aee110ae49fddbeca45b4ea1c659c4ff8251f59acaa1bbb543ef55720d1babd556fb5aabe6f84762fadd49
        c1c8dcbcf5e5c339e2043bc894ffde03b740167312bdf6d8acc1ee552bf8302daaaa4ef0e9d50d46d6705b04f47b8d0e
        09a1bd651126a776eee4
        """)
    /// As ``forcedByVersion1``, in a datagram of 1128 bytes.
    static let forcedTooShort = forced(
        "c31a2a3a4a081111111111111111046363636343e8",
        """
        40690f73b8f7f231f5ce7e6c482e16b8b0179681a43a62719eaec300f37ace1e67ba7d230a02bcd24eba9ca6121cbefe
        e5969b0ccda84698a039f1e32ab10a214863a4ae69f44d529179ae42e38813cd34e6b95259e59e9f4853c1529d545bda
        3dbc2c7454c6625709cfc2
        """, tokenLength: 1000)
    /// The server's list: versions 1 and 2.
    static let negotiation = Wire.hex("80 00000000 04 63636363 08 1111111111111111 00000001 6b3343cf")
    /// The answer to ``otherClientHello``.
    static let otherServerHello = Wire.hex(
        """
        c400000001046363636304646464640040558c1c957a9812b3d58bbdc8ecdafd2373bca495aa1565229c2f9a237fe2f3
        ff3ae6e9007d226dca5b5eed5feef383847cbe9891d2b60de2236f6d428d5990bc2c83bac51f70b6f5de3ecc460575bd
        f19f777ec81c15
        """)
    /// The answer to ``clientHello`` in version 2, to which the server has gone over (RFC 9369 section 4.1).
    static let upgradedServerHello = Wire.hex(
        """
        d66b3343cf046363636304737373730040553b3343982a56759a02376f04b3244039b946ac3932b3de2c59b2318826eb
        d19fb646b8c4d2e3319cd5e09ca926315eff213dcc53b99049fdcc16d6abb351e0863005cc4359498e7699670da135ba
        d7db60dbf630e7
        """)
    /// What the client says then.
    static let upgradedAcknowledgement = Wire.hex(
        """
        d46b3343cf0473737373046363636300229af81fe7c2bbb117854a65d702c225f2dbfa2175bca80a87a546ad8390b3f5
        a42349
        """)
    /// The first draft of version 2 (draft-ietf-quic-v2-00 section 3).
    static let secondsFirstDraft = Wire.hex(
        """
        c0ff02000008111111111111111104636363630040687e7c43f6809e734c0f67885a76eb293779f3957b2298ba22357d
        ac0a14736a52a63c33525748c644cbb0c79925a5c5f925aadc90e05d6ad4fb9aa902971525fccfcc80b9d11560bbd525
        c0bca4a3b29c52426f48d518cde51ab42e3c4330073b8f3d97e750cda801
        """)
    /// The later ones (draft-ietf-quic-v2-01 section 3).
    static let secondsLaterDraft = Wire.hex(
        """
        d0709a50c408111111111111111104636363630040687e7c43f6809e734c0f67885a76eb293779f3957b2298ba22357d
        ac0a14736a52a63c33525748c644cbb0c79925a5c5f925aadc90e05d6ad4fb9aa902971525fccfcc80b9d11560bbd525
        c0bca4a3b29c52426f48d518cde5436d4446dd0ae8624c27b5489cefd8fc
        """)
}
