/// Keyboard layouts of Windows by number ([MS-LCID] section 2.2, and above 16 bits variants of them): those in wide
/// use. Any other is told by its number.
enum KeyboardLayouts {
    static let names: [UInt32: String] = [
        0x0401: "Arabic - Saudi Arabia", 0x0402: "Bulgarian", 0x0403: "Catalan", 0x0404: "Chinese - Taiwan",
        0x0405: "Czech", 0x0406: "Danish", 0x0407: "German - Germany", 0x0408: "Greek",
        0x0409: "English - United States", 0x040A: "Spanish - Spain (Traditional Sort)", 0x040B: "Finnish",
        0x040C: "French - France", 0x040D: "Hebrew", 0x040E: "Hungarian", 0x040F: "Icelandic",
        0x0410: "Italian - Italy", 0x0411: "Japanese", 0x0412: "Korean", 0x0414: "Norwegian (Bokmal)",
        0x0415: "Polish", 0x0416: "Portuguese - Brazil", 0x0418: "Romanian", 0x0419: "Russian", 0x041A: "Croatian",
        0x041B: "Slovak", 0x041C: "Albanian - Albania", 0x041D: "Swedish", 0x041E: "Thai", 0x041F: "Turkish",
        0x0420: "Urdu", 0x0422: "Ukrainian", 0x0423: "Belarusian", 0x0424: "Slovenian", 0x0425: "Estonian",
        0x0426: "Latvian", 0x0427: "Lithuanian", 0x0429: "Farsi", 0x042A: "Vietnamese",
        0x042B: "Armenian - Armenia", 0x042D: "Basque", 0x0436: "Afrikaans - South Africa", 0x0437: "Georgian",
        0x0439: "Hindi", 0x043A: "Maltese", 0x043E: "Malay - Malaysia", 0x043F: "Kazakh", 0x0445: "Bengali (India)",
        0x0449: "Tamil", 0x044A: "Telugu", 0x0452: "Welsh", 0x0456: "Galician",
        0x0804:
            "Chinese - People's Republic of China",
        0x0807: "German - Switzerland", 0x0809: "English - United Kingdom", 0x080A: "Spanish - Mexico",
        0x080C: "French - Belgium", 0x0810: "Italian - Switzerland", 0x0813: "Dutch - Belgium",
        0x0413: "Dutch - Netherlands", 0x0814: "Norwegian (Nynorsk)", 0x0816: "Portuguese - Portugal",
        0x081A: "Serbian (Latin)", 0x081D: "Swedish - Finland", 0x0C01: "Arabic - Egypt",
        0x0C04: "Chinese - Hong Kong SAR", 0x0C07: "German - Austria", 0x0C09: "English - Australia",
        0x0C0A: "Spanish - Spain (Modern Sort)", 0x0C0C: "French - Canada", 0x0C1A: "Serbian (Cyrillic)",
        0x1004: "Chinese - Singapore", 0x1007: "German - Luxembourg", 0x1009: "English - Canada",
        0x100C: "French - Switzerland", 0x1407: "German - Liechtenstein", 0x1409: "English - New Zealand",
        0x140C: "French - Luxembourg", 0x1809: "English - Ireland", 0x1C09: "English - South Africa",
        0x240A: "Spanish - Colombia", 0x2C0A: "Spanish - Argentina", 0x340A: "Spanish - Chile",
        0x3801: "Arabic - U.A.E.", 0x4009: "English - India", 0x4809: "English - Singapore",
        0x10407: "German (IBM)", 0x10409: "English - United States (Dvorak)",
        0x20409: "English - United States (International)", 0x1080C: "Belgian (Comma)", 0x1041F: "Turkish F",
        0x1040E: "Hungarian 101-key", 0x10415: "Polish (214)", 0x10419: "Russian (Typewriter)",
    ]
}
