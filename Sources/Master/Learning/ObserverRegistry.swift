/// The observers of a site, in the order in which they see a fact.
enum ObserverRegistry {
    static func make(_ settings: SiteSettings) -> [any Observer] {
        all.map { $0.init(settings: settings) }
    }

    static let all: [any Observer.Type] = [
        TransferObserver.self,
        BeaconObserver.self,
        FailedLoginObserver.self,
        ScanObserver.self,
        TunnelObserver.self,
        ExecutableObserver.self,
        CredentialObserver.self,
        HoursObserver.self,
        NewDeviceObserver.self,
        BurstObserver.self,
        AmountObserver.self,
    ]
}
