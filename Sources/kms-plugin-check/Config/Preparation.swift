/// A backend in a state that no function of the contract brings about, which the configuration
/// provides in a table of this name: `[check.ahead]`.
enum Preparation: String, Sendable, CaseIterable {
    // Schemas, by what `context` says.
    case behind, upgrading, ahead, foreign
    /// No database any more: `open` finds it damaged.
    case damaged
    /// A database that serves, with some objects damaged and some whole.
    case damagedObject = "damaged-object"
    /// Credentials or a secret that the backend refuses.
    case denied
    /// Settings that lead to no backend.
    case missing
    /// Settings of which each is right and which do not go together.
    case contradictory
}
