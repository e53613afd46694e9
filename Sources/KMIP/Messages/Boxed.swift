/// A large field that is mostly absent: it takes one word in its structure.
@propertyWrapper
public struct Boxed<Value: Sendable>: Sendable {
    private indirect enum Box: Sendable {
        case absent
        case present(Value)
    }

    private var box = Box.absent

    public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    public var wrappedValue: Value? {
        get {
            switch box {
            case .absent: nil
            case .present(let value): value
            }
        }
        set { box = newValue.map(Box.present) ?? .absent }
    }
}
