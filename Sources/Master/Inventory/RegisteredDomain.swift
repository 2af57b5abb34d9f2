/// The registered domain of a host name: the part that one owner holds.
///
/// Follows the idea of the Public Suffix List (publicsuffix.org): below a public suffix every label has an owner of
/// its own. The list here is short: common suffixes of several labels, and hosting services where each customer has
/// a name of their own.
enum RegisteredDomain {
    private static let suffixes: Set<String> = {
        var all: Set<String> = []
        for country in ["jp", "kr", "th", "id", "nz", "za", "il", "in", "uk", "tz", "ug", "ke"] {
            for kind in ["co", "or", "ne", "ac", "go", "ad", "ed", "gr", "lg", "re", "org", "gov", "net", "gen", "web"]
            {
                all.insert("\(kind).\(country)")
            }
        }
        for country in ["au", "cn", "tw", "hk", "sg", "my", "br", "mx", "ar", "tr", "ph", "vn", "ua", "pk", "eg"] {
            for kind in ["com", "net", "org", "edu", "gov", "id", "idv"] { all.insert("\(kind).\(country)") }
        }
        all.formUnion([
            "amazonaws.com", "s3.amazonaws.com", "cloudfront.net", "elasticbeanstalk.com", "awsapprunner.com",
            "azurewebsites.net", "cloudapp.net", "cloudapp.azure.com", "azureedge.net", "azurefd.net",
            "blob.core.windows.net", "file.core.windows.net", "web.core.windows.net", "trafficmanager.net",
            "appspot.com", "web.app", "firebaseapp.com", "run.app", "cloudfunctions.net", "herokuapp.com",
            "github.io", "gitlab.io", "netlify.app", "vercel.app", "pages.dev", "workers.dev", "r2.dev",
            "blogspot.com", "wordpress.com", "ngrok.io", "ngrok.app", "ngrok-free.app", "trycloudflare.com",
            "loca.lt", "serveo.net", "duckdns.org", "ddns.net", "no-ip.org", "hopto.org", "zapto.org", "dyndns.org",
            "myftp.org", "sytes.net", "onrender.com", "fly.dev", "glitch.me", "repl.co", "sakura.ne.jp",
            "xsrv.jp", "lolipop.jp", "weebly.com", "wixsite.com", "fastly.net", "akamaized.net", "b-cdn.net",
            "sharepoint.com", "digitaloceanspaces.com", "backblazeb2.com", "linodeobjects.com", "vultrobjects.com",
        ])
        for region in [
            "ap-northeast-1", "ap-northeast-3", "us-east-1", "us-east-2", "us-west-1", "us-west-2", "eu-west-1",
            "eu-central-1", "ap-southeast-1", "ap-southeast-2",
        ] {
            all.insert("s3.\(region).amazonaws.com")
            all.insert("s3-\(region).amazonaws.com")
            all.insert("\(region).compute.amazonaws.com")
            all.insert("\(region).elb.amazonaws.com")
            all.insert("execute-api.\(region).amazonaws.com")
        }
        return all
    }()

    /// The registered domain of `host` in lower case; `host` itself when it has only one label.
    static func of(_ host: String) -> String {
        var name = Substring(host.lowercased())
        while name.hasSuffix(".") { name.removeLast() }
        let labels = name.split(separator: ".", omittingEmptySubsequences: true)
        guard labels.count > 2 else { return String(name) }
        // The longest listed suffix counts; a suffix itself is its own owner's.
        for first in max(0, labels.count - 5)..<labels.count - 1 {
            let candidate = labels[first...].joined(separator: ".")
            if suffixes.contains(candidate) { return labels[max(0, first - 1)...].joined(separator: ".") }
        }
        return labels.suffix(2).joined(separator: ".")
    }

    /// Names that stay inside: no public suffix, or one reserved for that (RFC 6761, RFC 6762, RFC 8375).
    static func isInternal(_ host: String) -> Bool {
        guard let dot = host.lastIndex(of: ".") else { return true }
        let last = host[host.index(after: dot)...].lowercased()
        return ["local", "lan", "internal", "corp", "home", "localdomain", "arpa", "intra", "localhost", "intranet"]
            .contains(last)
    }
}

/// Domains that so many companies use that they are no surprise on the first day of a site either.
enum CommonDomains {
    private static let names: Set<String> = [
        "microsoft.com", "windowsupdate.com", "windows.com", "windows.net", "office.com", "office365.com",
        "office.net", "live.com", "msftconnecttest.com", "msftncsi.com", "microsoftonline.com", "msn.com", "bing.com",
        "outlook.com", "skype.com", "azure.com", "akadns.net", "akamai.net", "akamaiedge.net", "sharepoint.com",
        "google.com", "googleapis.com", "gstatic.com", "googleusercontent.com", "youtube.com", "ytimg.com",
        "googlevideo.com", "ggpht.com", "doubleclick.net", "google-analytics.com", "googletagmanager.com",
        "googlesyndication.com", "gvt1.com", "gvt2.com", "google.co.jp", "apple.com", "icloud.com", "mzstatic.com",
        "cdn-apple.com", "facebook.com", "fbcdn.net", "instagram.com", "twitter.com", "x.com", "twimg.com",
        "amazon.com", "amazon.co.jp", "media-amazon.com", "ssl-images-amazon.com", "yahoo.co.jp", "yimg.jp",
        "yahoo.com", "line.me", "line-scdn.net", "rakuten.co.jp", "zoom.us", "slack.com", "slack-edge.com",
        "dropbox.com", "dropboxstatic.com", "box.com", "boxcdn.net", "github.com", "githubusercontent.com",
        "adobe.com", "mozilla.org", "mozilla.com", "mozilla.net", "firefox.com", "cloudflare.com", "digicert.com",
        "letsencrypt.org", "lencr.org", "verisign.com", "symcd.com", "globalsign.com", "usertrust.com", "sectigo.com",
        "wikipedia.org", "wikimedia.org", "linkedin.com", "licdn.com", "salesforce.com", "force.com", "ubuntu.com",
        "debian.org", "ntp.org", "nict.jp", "jst.mfeed.ad.jp", "cybozu.com", "kintone.com", "chatwork.com", "zdnet.com",
        "trendmicro.com", "symantec.com", "mcafee.com", "sophos.com", "kaspersky.com", "eset.com",
    ]

    static func contains(_ domain: String) -> Bool { names.contains(domain) }
}
