/// Initial packets of versions beside the standard's first, of the same connections and hellos as ``QUICWire``.
extension QUICWire {
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
