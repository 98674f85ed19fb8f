internal import Operations
internal import SQLite
internal import ServiceRuntime
internal import StoreIndex
internal import StoreWatch
internal import Vocabulary

/// What other threads ask of a store's thread.
extension IntakeWorker {
    /// Everybody who asked for looks is answered, whatever happens; what else cannot be done now is kept.
    func answerMail() throws(ServiceFault) {
        let mail = intake.takeMail()
        var looks = mail.looks[...]
        var hasRescans = mail.hasRescans
        do throws(ServiceFault) {
            if hasRescans { try readRescans() }
            hasRescans = false
            if let reason = suspension.fault.map({ "\($0)" }) ?? root.problem {
                looks.forEach { $0.answer(allWith: .outOfReach(reason: reason)) }
                return intake.putBack(renewals: mail.renewals, hasRescans: false)
            }
            while let request = looks.first {
                request.answer(try self.looks(request))
                looks.removeFirst()
            }
            if !mail.renewals.isEmpty { try renew(mail.renewals) }
        } catch {
            looks.forEach { $0.answer(allWith: .outOfReach(reason: "\(error)")) }
            intake.putBack(renewals: mail.renewals, hasRescans: hasRescans)
            throw error
        }
    }

    // MARK: Looks

    private func looks(_ request: LookRequest) throws(ServiceFault) -> [StorePath: LookRequest.Answer] {
        var answers: [StorePath: LookRequest.Answer] = [:]
        // A stream may have noted that it passed some of them over.
        absences.change()
        let absent = try take(request.paths)
        if !absent.isEmpty {
            // They may have been moved, and nobody has told yet.
            try handle(changes(by: .now))
            try judge(wanted: absent, &answers)
        }
        for path in request.paths where answers[path] == nil { answers[path] = try answer(for: path) }
        feeds.forEach { $0.wake() }
        return answers
    }

    private func answer(for path: StorePath) throws(ServiceFault) -> LookRequest.Answer {
        guard absences.isAny else { return .recorded }
        let absence = try index.read { reader throws(SQLiteError) in
            try reader.absence(of: path.bytes, store: store.id)
        }
        guard let absence, absence.kind == .unreadableFile else { return .recorded }
        return .unreadable(reason: absence.reason)
    }

    // MARK: Renewals

    /// Makes new versions of live ones whose rows are wanting in a table.
    private func renew(_ versions: [ChangeNumber]) throws(ServiceFault) {
        let id = store.id
        let recorded: [Recorded]
        recorded = try index.write { writer throws(SQLiteError) in
            let now = WallClock.microseconds
            var recorded: [Recorded] = []
            for version in versions {
                guard let entry = try writer.renew(version, store: id, now: now) else { continue }
                var record = Recorded(change: entry.change)
                record.entries.append(entry)
                recorded.append(record)
            }
            return recorded
        }
        feeds.forEach { $0.begin() }
        handOver(recorded)
    }

    // MARK: Rescans

    /// Takes up rescans that were stored since, and lets go of those that have ended meanwhile.
    private func readRescans() throws(ServiceFault) {
        let open: [StoredRescan]
        open = try index.read { reader throws(SQLiteError) in
            try reader.openOperations(OperationMethod.rescan.rawValue, store: store.id).map { StoredRescan($0) }
        }
        scan?.requests.removeAll { !open.contains($0) }
        pass?.requests.removeAll { !open.contains($0) }
        rescans.update(open: open, running: (scan?.requests ?? []) + (pass?.requests ?? []))
        guard !rescans.waiting.isEmpty else { return }
        if let fault = suspension.fault {
            try failRescans(code: fault.code, "\(fault)")
        } else if let problem = root.problem {
            try failRescans(code: .unavailable, problem)
        } else {
            watch.requestScan(.request)
        }
    }

    /// What was allowed in another store than the one that is here now is not done in this one.
    func refuseAllowances(in root: RootIdentity) throws(ServiceFault) {
        try failRescans(
            rescans.allowed(elsewhereThan: StoreRecord.Root(root)),
            code: .failedPrecondition,
            "another directory is the store now than when deletions were allowed: nothing was concluded"
        )
    }

    /// Ends rescans that cannot be done.
    func failRescans(
        _ requests: [StoredRescan]? = nil,
        code: RPCCode,
        _ message: String
    ) throws(ServiceFault) {
        let requests = requests ?? rescans.waiting
        try end(requests, OperationEnd(refusal: OperationRefusal(code: code, message: message)))
        rescans.remove(requests)
    }

    /// Ends rescans that a scan has answered.
    func endRescans(_ requests: [StoredRescan], _ result: RescanResult, failures: Int64) throws(ServiceFault) {
        do throws(ServiceFault) {
            try end(requests, OperationEnd(success: result.files, failure: failures, response: result.stored))
        } catch {
            // They are open still, in state.db: the next scan answers them.
            rescans.putBack(requests)
            throw error
        }
    }

    private func end(_ requests: [StoredRescan], _ end: OperationEnd) throws(ServiceFault) {
        guard !requests.isEmpty else { return }
        try index.write { writer throws(SQLiteError) in
            for request in requests {
                try writer.withdraw(request.operation)
                try writer.end(request.operation, end)
            }
        }
        for request in requests {
            observe(
                .operationEnded(
                    store: settings.name,
                    operation: request.operation,
                    method: OperationMethod.rescan.rawValue,
                    code: end.refusal?.code,
                    message: end.refusal?.message
                )
            )
        }
    }
}
