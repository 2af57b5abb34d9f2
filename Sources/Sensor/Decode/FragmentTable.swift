import Shared

/// IP packets whose fragments have not all come, in memory that has a limit.
struct FragmentTable {
    let limitBytes: Int
    init(limitBytes: Int) { self.limitBytes = limitBytes }
}
