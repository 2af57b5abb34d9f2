/// Initial packets of QUIC version 1 under the keys of RFC 9001 section 5.2: the client's first identifier is
/// 1111111111111111, `RRRR` after a retry, 2222222222222222 of another connection. Hellos are as TLS 1.3 has them, for
/// `srv.example` and `h3`.
enum QUICWire {
    static let clientHello = Wire.hex(
        """
        c30000000108111111111111111104636363630040690f73b8f7f231f5ce7e6c482e16b8b0179681a43a62719eaec300
        f37ace1e67ba7d230a02bcd24eba9ca6121cbefee5969b0ccda84698a039f1e32ab10a214863a4ae69f44d529179ae42
        e38813cd34e6b95259e59e9f4853c13cb1cb1fe0ff21c70856da33d405e971
        """)
    static let serverHello = Wire.hex(
        """
        c400000001046363636304737373730040571386eda94e604eb502fb87b675f9320cd2146a81efc43a9ca23c07d1e9d3
        f8dd62064b77cdeea17ac293a7d3d5e3d2adbfa40a10ad44d4264c5b36cb3f436ef7999cd0ecdca4b9da3003aa334b36
        8f20c3c0d0af9bfdaa
        """)
    static let serverClose = Wire.hex(
        """
        c8000000010463636363047373737300402f4086eda94e6054b42abdbbb475f90a0fd13648a3cde618be801e25f3cbf1
        da2586e654091ef2453cced50954bd7d6a
        """)
    static let clientAcknowledgement = Wire.hex(
        """
        c8000000010473737373046565656500402a6e78cb656641562bd2e3db13bf0443faf7f73752caf1883c736c083a9118
        e400089c29be97e6bb36fa60
        """)
    static let helloAfterRetry = Wire.hex(
        """
        c500000001045252525204636363630040698536959d9cd51df1d150c03c55aebf528f1616994d1a8e53bfd1b5f211d1
        c9a2a7a73ea5dd27874cded3f11051591ae47ad40bb4712dafb3eceffc3ac06fe7ec62226338dd3f799afbe5556210d8
        eae8e521fc1ee37760732ab15ac95cdb344daa1bbc4dc5a0886553
        """)
    static let answerAfterRetry = Wire.hex(
        """
        cd0000000104636363630473737373004057dd7e5ce0b8bac069baa0e0b94624252c531cc8ddf94ec780fd5a20386fc4
        71ec9017cebb4161f07244544a9b18c22456551d80b7d54b294060f934829f9e04a1c734d54b81fc81d12b670769c757
        58db292ac5183ebc0e
        """)
    static let otherClientHello = Wire.hex(
        """
        cf00000001082222222222222222046464646400406962845545e4e6d5ee97f0fbce2f69be0e8f38e9874250a625bfef
        6e21763b20e6672551ca841278d343b05caa3b3ea9baeb92f5ae4813665ef27a00a7cd83d40555bdd75038e9fae2b3f2
        c4b2c65623c15a78c309b6afd42a2c8bbc8149525e2ccbff9ca1224ac979dc
        """)
    static let retryRequest = Wire.hex(
        """
        c500000001046363636304737373730040539186eda94e604eb502fb83b675f93e0cd2f9690eb90382df91a0387fc9ef
        bf47d1e6cb44f9b638d4beb61bf8150958bc01a40a10ad44c8264c5b36cb3f436ef79d9cda4c29246d19d93c635b2345
        35e015bc3b
        """)
    static let secondClientHello = Wire.hex(
        """
        c7000000010473737373046363636300406e2878cb656641506b81a38812bf040cf9f4e62643dbe0992d627df9c68db7
        581da7cf7f70eee264a6b12deefb708e874e147260832176a63fa3f3092bcc18e18e8258dca7b83ea0f172fc75686fee
        8e66301e148b763ad84e547f1adc6f3786c226a7985adaf1c07289cc91506eb2
        """)
    static let secondServerHello = Wire.hex(
        """
        c00000000104636363630473737373004057932dec9931a5da4bede273534bbd2e6d060be2e8fe64bbf8fda1995e63c8
        825ec7ca81dbe051fa3c3d99a29859337994f95db2a43e0ac476d447c4d2743602991b471f84e6d4478641214f4948c6
        8fdf03fbf13c6fdb49
        """)
    /// A hello like ``clientHello``, cut into two packets.
    static let firstHalf = Wire.hex(
        """
        c7000000010811111111111111110463636363004040ece79f3e73f8deb362f4817d204b2c05aaa5038197bd22796b83
        b2dc1ef27acd1c62be7a25030ab7d843b693a8030dbc8033b51f050b7609714bc770adeefe13
        """)
    static let secondHalf = Wire.hex(
        """
        cb000000010811111111111111110463636363004041374460c67ce24f7540572bd2c7db13bf1443f4f7f73c21b887a6
        590b0d85a7f0c3491cb6db6e62fd9b46b78b3cfce8629bfd2adb53874896469c74b80a2b01462b
        """)
    /// Facebook's first version, under the salt of draft 22 (draft-ietf-quic-tls-22 section 5.2): for `old.example`.
    static let oldFacebook = Wire.hex(
        """
        cafaceb00108111111111111111104636363630040640d7322234d00372c9f320409b535e683796464b0a8f0bb486538
        61fd09e7054aae33ca793215e4852b5a6dce3be67e465decc024ff4d48d6bd1e230f6591601048cacdce66b82219d9f7
        badc53f1adda39313ca6cc6f019ed252e914f14299ff29d1dedb
        """)
    /// The same hello in draft 22.
    static let draft22 = Wire.hex(
        """
        caff00001608111111111111111104636363630040640d7322234d00372c9f320409b535e683796464b0a8f0bb486538
        61fd09e7054aae33ca793215e4852b5a6dce3be67e465decc024ff4d48d6bd1e230f6591601048cacdce66b82219d9f7
        badc53f1adda39313ca6100f1a1c3e5254462a02f78e44a80950
        """)
    /// Google's last version, T051.
    static let googleHello = Wire.hex(
        """
        c15430353108111111111111111100004068952c31631b19d92a27cb02e819c55b622302a5913fb65c44604b8687a56f
        678d70ca0aeb88556b860e27ddf3378abf180d93039d546b17570c2efcce46890b283c49391356b849bcd201ab3a2ae1
        6dcd945be19892bc18e1f3ee62ce89b4eb8ce5f9d51cacb88541
        """)
    /// The answer behind an acknowledgement of one range.
    static let googleAnswer = Wire.hex(
        """
        ca54303531000811111111111111110040566c6f0f606d3f6a636db0ed5d1a37086dbe518c68e94fa263e01a2185e0ab
        4486c9104c4206e5864cf41d3b98ff7c8594086ff93d5fb9911a83101f7c1ac8deae35f40bbda0bc44c2b20ec2cc3e52
        31a84098a54057d1
        """)
    /// The answer behind a PING and an acknowledgement of three ranges with two times.
    static let googleAnswerLate = Wire.hex(
        """
        c054303531000811111111111111110040665f286a616f3e7a69688dec5f1e0d0b6e9c73a94bcb648049c20401a7c2b1
        65a7c9104c4206e5864cf41d3b98ff7c85942a5eda1f7d8bb313a1303e5a38d9fc8a35fa0abfcbc7bb0c6c639badf202
        828b416c35df165cabb2c04271d619067dd13b2aa7803fc0
        """)
    static let googleClose = Wire.hex(
        """
        c354303531000811111111111111110026dff1d64c36565d84d7daae35f9de702a3b0023a46faf1e4b3d0a1cef925055
        0a2e9aa5714575
        """)

    /// A retry with the identifier `RRRR` (RFC 9000 section 17.2.5), its tag left open.
    static let retry =
        Wire.hex("f0 00000001 04 63636363 04 52525252") + [UInt8](repeating: 0x74, count: 36)
    /// What the client sends before it is answered (section 17.2.3), to its first identifier.
    static let early =
        Wire.hex("d0 00000001 08 1111111111111111 04 63636363 4020") + [UInt8](repeating: 0x77, count: 32)
    static let short = [0x41] + [UInt8](repeating: 0x55, count: 40)
}
