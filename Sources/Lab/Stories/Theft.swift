internal import Shared

/// People who take what is not theirs.
enum Theft {
    /// About 1.1 GB read from the file server in 25 minutes, then as much sent to a name that nobody else uses.
    static func exfiltration(_ person: Person, _ device: Device, _ log: inout DayLog) -> Truth {
        let start = 56_400.0 + log.chance.between(0, 600)
        let server = log.company.fileServer
        let destination = "drop.kurofune-transfer.example"
        var truth = Truth(
            kind: .exfiltration, start: log.time(start), end: log.time(start + 4200), device: device.name,
            address: device.address.description, user: person.account, server: server.name,
            serverAddress: server.address.description, destination: destination)
        let parts: [(Department, Int)] = [(.sales, 16), (.engineering, 12), (.management, 9)]
        var at = start
        for (department, count) in parts {
            let files = (0..<count).map { _ in log.file(of: department, megabytes: 18...41) }
            let seconds = 1500.0 * Double(count) / 37 - 8
            log.kerberos(
                device, account: person.account, service: "cifs/fs01." + log.company.domain, at: at - 1)
            log.share(device, on: server, share: department.share, files: files, at: at, seconds: seconds)
            for file in files {
                truth.bytesRead += file.bytes
                truth.files.append(
                    .init(path: "\\\\\(server.name)\\\(department.share)\\\(file.name)", byteCount: file.bytes))
            }
            truth.events += 1
            at += seconds + 8
        }
        upload(&truth, device, destination, from: at + 240, &log)
        return truth
    }

    /// In five connections, packed a little.
    private static func upload(
        _ truth: inout Truth, _ device: Device, _ destination: String, from start: Double, _ log: inout DayLog
    ) {
        var at = start
        for _ in 0..<5 {
            let bytes = Double(truth.bytesRead) / 5 * log.chance.between(0.97, 1.0)
            let seconds = bytes / log.chance.between(0.55e6, 0.75e6)
            log.tls(
                device, to: destination, Applications.browser(of: device.platform), at: at, duration: seconds,
                sent: bytes,
                received: bytes / 200)
            truth.bytesSent += UInt64(bytes) + 900
            truth.events += 1
            at += seconds + log.chance.between(3, 12)
        }
        truth.end = log.time(at)
    }

    /// A salesperson reads the files of human resources at two in the morning.
    static func nightHR(_ person: Person, _ device: Device, _ log: inout DayLog) -> Truth {
        let start = 7500.0 + log.chance.between(0, 900)
        let server = log.company.hrServer
        var truth = Truth(
            kind: .nightHR, start: log.time(start), end: log.time(start + 1400), device: device.name,
            address: device.address.description, user: person.account, server: server.name,
            serverAddress: server.address.description)
        log.lease(device, at: start - 60)
        log.kerberos(device, account: person.account, at: start - 30)
        let files = (0..<34).map { _ in log.file(of: .humanResources, megabytes: 0.2...3.5) }
        let head = log.share(device, on: server, share: "人事秘", files: files, at: start, seconds: 1380)
        log.ntlm(device, account: person.account, on: server, head, at: start + 0.05, success: true)
        truth.bytesRead = files.reduce(0) { $0 + $1.bytes }
        truth.files = files.map { .init(path: "\\\\\(server.name)\\人事秘\\\($0.name)", byteCount: $0.bytes) }
        truth.events = 1
        return truth
    }
}
