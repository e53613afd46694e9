import CPKCS11
import PluginKit
import Synchronization

extension PKCS11Slot {
    func crypto(
        _ requests: CryptoRequests, _ call: Call, into results: inout CryptoResults
    ) throws(DriverFailure) {
        if requests.isEmpty { return }
        var tasks: [CryptoTask?] = []
        for request in requests {
            do {
                tasks.append(try CryptoTask(request, host))
            } catch {
                throw error.failure(name)
            }
        }
        let parts = cut(tasks, into: parts(of: tasks.count))
        let outcomes = try runAll(
            call,
            parts.map { part in
                { [self] watch in
                    Result { () throws(Trouble) in try run(Array(part), watch) }
                }
            })
        try put(outcomes, of: parts, call, into: &results)
    }

    private func cut(_ tasks: [CryptoTask?], into parts: Int) -> [ArraySlice<CryptoTask?>] {
        (0..<parts).map { part in
            tasks[tasks.count * part / parts..<tasks.count * (part + 1) / parts]
        }
    }

    /// Fails only when no item was decided.
    private func put(
        _ outcomes: [Result<[CryptoOutcome], Trouble>?], of parts: [ArraySlice<CryptoTask?>],
        _ call: Call, into results: inout CryptoResults
    ) throws(DriverFailure) {
        let late: DriverFailure = call.isCancelled ? .cancelled : .deadline
        var obstacle: DriverFailure?
        var isAnyDecided = false
        for (outcome, part) in zip(outcomes, parts) {
            switch outcome {
            case .success(let items)?:
                isAnyDecided = true
                for (position, item) in zip(part.indices, items) {
                    try item.put(position, into: &results)
                }
            case .failure(let trouble)?:
                obstacle = trouble.failure(name)
                for position in part.indices {
                    try CryptoOutcome(trouble).put(position, into: &results)
                }
            case nil:
                obstacle = late
                for position in part.indices {
                    try CryptoOutcome(late.status).put(position, into: &results)
                }
            }
        }
        if let obstacle, !isAnyDecided { throw obstacle }
    }

    private func run(_ tasks: [CryptoTask?], _ watch: Watch) throws(Trouble) -> [CryptoOutcome] {
        var outcomes: [CryptoOutcome] = []
        var obstacle: Trouble?
        for task in tasks {
            guard let task else {
                outcomes.append(CryptoOutcome(.unsupported))
                continue
            }
            if let obstacle {
                outcomes.append(CryptoOutcome(obstacle))
                continue
            }
            do throws(Trouble) {
                outcomes.append(try run(task, watch))
            } catch {
                if case .call = error {
                    if outcomes.isEmpty { throw error }
                    obstacle = error
                }
                outcomes.append(CryptoOutcome(error))
            }
        }
        return outcomes
    }

    private func run(_ task: CryptoTask, _ watch: Watch) throws(Trouble) -> CryptoOutcome {
        let isOpening = task.operation == .decrypt || task.operation == .unwrap
        do throws(Trouble) {
            let ids = [task.key] + (task.target.map { [$0.id] } ?? [])
            let patience: Patience = isOpening ? .forDecryption : .usual
            return try attempt(watch, ids, patience: patience) {
                (session, stamp) throws(TokenFailure) in
                try run(task, session, stamp)
            }
        } catch {
            if case .item(let failure) = error { noteRefusal(failure, of: task.mechanism) }
            guard case .item(let failure) = error, isOpening,
                failure.function == "C_Decrypt" || failure.function == "C_UnwrapKey",
                quirks.damagedData.contains(failure.code), isTokenWell(watch)
            else { throw error }
            // This library has no better word for a tag or a padding that is wrong.
            return CryptoOutcome(.cryptoFailed, nativeCode: failure.nativeCode)
        }
    }

    /// Which hashes OAEP takes no list of a token tells: it shows when one is refused.
    private func noteRefusal(_ failure: TokenFailure, of mechanism: Mechanism) {
        guard mechanism == .rsaOAEPSHA1 || mechanism == .rsaOAEPSHA256,
            failure.function == "C_EncryptInit" || failure.function == "C_DecryptInit",
            [.argumentsBad, .mechanismInvalid, .mechanismParamInvalid].contains(failure.code)
        else { return }
        refused.withLock { _ = $0.insert(mechanism) }
    }

    private func isTokenWell(_ watch: Watch) -> Bool {
        do throws(Trouble) {
            try attempt(watch, []) { (session, _) throws(TokenFailure) in
                _ = try functions.token(slot)
                try requireLogin(session)
            }
            return true
        } catch {
            return false
        }
    }

    private func run(
        _ task: CryptoTask, _ session: Session, _ stamp: Stamp
    ) throws(TokenFailure) -> CryptoOutcome {
        let key: KeyHandle
        switch try look(for: task.key, session, stamp) {
        case .nothing: return CryptoOutcome(.notFound)
        case .several: return CryptoOutcome(.conflict)
        case .key(let found): key = found
        }
        switch task.operation {
        case .wrap:
            guard let target = task.target else { return CryptoOutcome(.invalid) }
            guard case .key(let wrapped) = try look(for: target.id, session, stamp) else {
                return CryptoOutcome(.notFound)
            }
            return try task.wrap(session, key, wrapped)
        case .unwrap:
            guard let target = task.target, !target.id.isEmpty else {
                return CryptoOutcome(.invalid)
            }
            guard let template = target.unwrapped(quirks) else {
                return CryptoOutcome(.unsupported)
            }
            return try objects.alone { () throws(TokenFailure) in
                guard case .nothing = try search(session).key(target.id) else {
                    return CryptoOutcome(.exists)
                }
                return try task.unwrap(session, key, template)
            }
        default:
            return key.type.family == .aes
                ? try task.runSymmetric(session, key, quirks)
                : try task.runAsymmetric(session, key)
        }
    }
}
