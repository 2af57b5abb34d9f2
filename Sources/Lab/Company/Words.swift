/// Words that names are made of.
enum Words {
    static let surnames = [
        "sato", "suzuki", "takahashi", "tanaka", "ito", "watanabe", "yamamoto", "nakamura", "kobayashi", "kato",
        "yoshida", "yamada", "sasaki", "yamaguchi", "matsumoto", "inoue", "kimura", "hayashi", "shimizu", "saito",
        "mori", "ikeda", "hashimoto", "abe", "ishikawa", "ogawa", "goto", "okada", "hasegawa", "fujita", "endo", "ueda",
    ]
    static let initials = ["a", "e", "h", "k", "m", "n", "r", "s", "t", "y"]
    static let files: [Department: [String]] = [
        .sales: ["見積書", "提案書", "顧客リスト", "契約書", "商談メモ", "price-list", "proposal", "customer-visit", "forecast"],
        .engineering: ["設計書", "試験成績書", "図面", "仕様書", "firmware", "layout", "test-report", "measurement", "bom"],
        .accounting: ["請求書", "経費精算", "決算資料", "仕訳帳", "invoice", "budget", "tax-return", "ledger"],
        .humanResources: ["給与明細", "人事評価", "社員名簿", "採用面接", "雇用契約", "payroll", "salary-review", "appraisal"],
        .management: ["取締役会資料", "中期計画", "月次報告", "board-minutes", "m-and-a", "strategy"],
        .generalAffairs: ["備品一覧", "座席表", "防災計画", "社内規程", "facility", "handbook"],
    ]
    static let folders = ["2024年度", "2025年度", "2026年度", "共有", "archive", "templates", "進行中", "A社", "B社", "大阪案件"]
    static let endings = ["xlsx", "docx", "pdf", "pptx", "xlsx", "pdf", "csv", "zip", "dwg", "jpg"]
    static let syllables = [
        "ka", "ri", "no", "va", "lu", "mo", "te", "shi", "ra", "no", "ki", "do", "be", "to", "mi", "za", "fe", "so",
        "qui",
        "ne", "gra", "pol", "ter", "ven", "dia", "lix", "ora", "man", "sen", "hub",
    ]
    static let siteKinds = [
        "news", "shop", "blog", "tech", "travel", "media", "bank", "maps", "wiki", "jobs", "food", "dev",
    ]
    static let endingsOfNames = ["com", "com", "com", "co.jp", "jp", "jp", "net", "org", "ne.jp", "io"]
}
