internal import Protocol
internal import Shared

extension EnrolmentRefusal {
    /// What the sensor's user is told.
    var refusal: Refusal {
        switch self {
        case .tokenUnknown:
            Refusal(.tokenUnknown, "The master does not know this token; create one with `meneki-master token create`.")
        case .tokenUsed:
            Refusal(.tokenUsed, "This token was used before and is good only once; create another one.")
        case .tokenExpired(let at):
            Refusal(.tokenExpired, "This token expired at \(at.rfc3339); create another one.")
        case .otherSite(let site):
            Refusal(.tokenSite, "This token is for the site \(site); use it there or create one for this site.")
        case .nameTaken(let sensor):
            Refusal(
                .nameTaken, "The site has a sensor named \(sensor.sensor) already; choose another --name or revoke it.")
        case .request(let reason): Refusal(.request, "The request cannot be granted: \(reason).")
        }
    }
}
