extension UInt8 {
    /// A letter of ASCII in lower case; any other byte as it is.
    @inline(__always)
    var lowercasedASCII: UInt8 { (0x41...0x5A).contains(self) ? self | 0x20 : self }
}
