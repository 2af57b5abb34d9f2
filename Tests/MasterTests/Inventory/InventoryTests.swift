import Shared
import Testing

@testable import Master

@Suite struct InventoryTests {
    @Test func aMachineKeepsItsIdentityWhenItsAddressChanges() {
        var inventory = Inventory(settings: SiteSettings(site: "t"))
        let (first, isNew) = inventory.lease(
            mac: "00:11:22:33:44:55", name: "PC-7.corp.example", address: IPAddress("10.0.0.7"),
            time: Timestamp(nanoseconds: 1))
        let (second, isNewAgain) = inventory.lease(
            mac: "00:11:22:33:44:55", name: "PC-7", address: IPAddress("10.0.0.8"), time: Timestamp(nanoseconds: 2))
        #expect(isNew && !isNewAgain && first == second)
        #expect(inventory[first].device.id == "pc-7")
        #expect(inventory[first].device.addresses.map(\.address) == ["10.0.0.7", "10.0.0.8"])
    }

    @Test func anAddressThatPassesToAnotherMachineIsThatMachine() throws {
        var inventory = Inventory(settings: SiteSettings(site: "t"))
        let address = try #require(IPAddress("10.0.0.7"))
        let (first, _) = inventory.lease(
            mac: "00:11:22:33:44:55", name: "a", address: address, time: Timestamp(nanoseconds: 1))
        let (second, _) = inventory.lease(
            mac: "00:11:22:33:44:66", name: "b", address: address, time: Timestamp(nanoseconds: 2))
        #expect(first != second)
        #expect(inventory.known(at: address) == second)
    }

    @Test(arguments: [("CORP\\Sato", "sato"), ("sato@CORP.LOCAL", "sato"), ("sato/CORP.LOCAL", "sato")])
    func accountsAreOneUnderAnySpelling(text: String, id: String) {
        #expect(AccountTable.identifier(text) == id)
    }

    @Test func machineAccountsAreNoUsers() { #expect(AccountTable.identifier("PC-7$@CORP") == nil) }
}
