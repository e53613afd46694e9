import PluginLoader

extension Driver {
    /// Opens the vendor library and the slot once.
    ///
    /// - Throws: ``CouldNotRun`` when the device does not let it in.
    mutating func startHSM(scratch: String) throws {
        let test = Test(self, scratch: scratch)
        defer { test.finish() }
        do {
            let slot = try test.slot()
            try slot.health()
            for function in [.capabilities, .update, .random, .seed, .statistics] as [Function]
            where library.has(function) && Self.isUnsupported(function, by: slot) {
                unsupported.insert(function)
            }
        } catch let failure as CallFailed {
            let isSurroundings = [.denied, .unavailable, .invalid, .notFound, .deadline].contains(
                failure.status)
            throw isSurroundings ? CouldNotRun("\(failure)") : failure
        }
    }

    private static func isUnsupported(_ function: Function, by slot: Slot) -> Bool {
        do {
            switch function {
            case .capabilities: _ = try slot.capabilities()
            case .update: _ = try slot.update([])
            case .random: _ = try slot.random(8)
            case .seed: try slot.seed([1, 2, 3, 4])
            case .statistics: _ = try slot.statistics()
            default: break
            }
            return false
        } catch let failure as CallFailed {
            return failure.status == .unsupported
        } catch {
            return false
        }
    }
}

/// What a case opened, in the order in which it has to be closed.
final class HSMHandles: Sendable {
    private let closers = Monitor<[@Sendable () -> Void]>([])

    func add(_ close: @escaping @Sendable () -> Void) { closers.withLock { $0.append(close) } }

    func close() {
        let all = closers.withLock { closers in
            defer { closers = [] }
            return closers
        }
        for close in all.reversed() { close() }
    }
}

extension Test {
    /// The vendor library, with the configured settings.
    func hsm(options: CallOptions = CallOptions()) throws -> HSM {
        let hsm = try driver.library.hsm.open(
            try driver.settings(scratch: scratch), options, findings)
        hsmHandles.add { hsm.close() }
        return hsm
    }

    /// Where the cases make keys.
    func access() throws -> HSMAccess {
        guard let access = driver.options.config.hsm else {
            throw CouldNotRun("an HSM driver needs a token to be tried on: write [check.hsm]")
        }
        Canaries.ofThisProcess.add(access.pin)
        return access
    }

    /// The number of the configured slot.
    func slotNumber(in hsm: HSM) throws -> UInt64 {
        switch try access().slot {
        case .number(let number): return number
        case .label(let label):
            let found = try hsm.slots().filter { $0.label == label }
            guard found.count == 1 else {
                throw CouldNotRun("\(found.count) tokens are called \"\(label)\"")
            }
            return found[0].id
        }
    }

    /// The configured slot, logged in. Once at a time: a login is one for all of a process.
    func slot(concurrency: UInt32 = 8) throws -> Slot {
        let hsm = try hsm()
        return try slot(of: hsm, concurrency: concurrency)
    }

    func slot(of hsm: HSM, concurrency: UInt32 = 8) throws -> Slot {
        let slot = try hsm.openSlot(
            try slotNumber(in: hsm), pin: try access().pin, concurrency: concurrency)
        hsmHandles.add { slot.close() }
        return slot
    }

    /// An id that no other case and no other run has.
    func keyID(_ name: String) -> String {
        "kit-\(name)-" + String(UInt64.random(in: .min ... .max), radix: 36)
    }

    /// Makes keys that are removed when the case ends. All must come about.
    @discardableResult
    func make(_ templates: KeyTemplate..., in slot: Slot) throws -> [FoundKey] {
        remove(templates.map(\.id), from: slot)
        let made = try slot.generate(templates)
        for key in made where key.status != .ok {
            if key.status == .unsupported {
                throw skip("the device cannot make such a key")
            }
            fail("generate: \(key.status)")
        }
        return made
    }

    /// Removes keys, if they are there, when the case ends.
    func remove(_ ids: [[UInt8]], from slot: Slot) {
        hsmHandles.add { if slot.handle.isOpen { _ = try? slot.destroy(ids) } }
    }

    /// Skips the case where the slot cannot do this.
    func require(_ mechanisms: Mechanism..., of slot: Slot) throws {
        let can = Set(try slot.capabilities().map(\.mechanism))
        for mechanism in mechanisms where !can.contains(mechanism.rawValue) {
            throw skip("the device has no \(mechanism)")
        }
    }

    /// What came of one operation.
    func crypto(_ item: CryptoItem, in slot: Slot) throws -> CryptoAnswer {
        guard let answer = try slot.crypto([item]).first else {
            throw CallFailed(function: .crypto, status: .internalError, message: "no answer")
        }
        return answer
    }
}
