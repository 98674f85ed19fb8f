internal import SQLite
internal import StoreIndex
internal import StoreWatch

/// What other threads ask of a store's thread.
extension IntakeWorker {
    func answerMail() throws(ServiceFault) {
        let mail = intake.takeMail()
        if mail.hasRescans { try readRescans() }
        guard suspension == nil, rootProblem == nil else {
            let reason = suspension.map { "\($0.fault)" } ?? rootProblem ?? ""
            return mail.looks.forEach { $0.answer(allWith: .outOfReach(reason: reason)) }
        }
        for (position, request) in mail.looks.enumerated() {
            do throws(ServiceFault) {
                request.answer(try looks(request))
            } catch {
                mail.looks[position...].forEach { $0.answer(allWith: .outOfReach(reason: "\(error)")) }
                throw error
            }
        }
        if !mail.renewals.isEmpty { try renew(mail.renewals) }
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
        feeds.forEach { $0.stream.wake() }
        return answers
    }

    private func answer(for path: StorePath) throws(ServiceFault) -> LookRequest.Answer {
        guard absences.isAny else { return .recorded }
        do throws(SQLiteError) {
            guard let absence = try reader.absence(of: path.bytes, store: store.id), absence.kind == .unreadableFile
            else {
                return .recorded
            }
            return .unreadable(reason: absence.reason)
        } catch {
            throw .index(error)
        }
    }

    // MARK: Renewals

    /// Makes new versions of live ones whose rows are wanting in a table.
    private func renew(_ versions: [Int64]) throws(ServiceFault) {
        let id = store.id
        let recorded: [Recorded]
        do throws(SQLiteError) {
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
        } catch {
            throw .index(error)
        }
        feeds.forEach { $0.begin() }
        handOver(recorded)
    }

    // MARK: Rescans

    /// Takes up rescans that were stored since, and lets go of those that have ended meanwhile.
    private func readRescans() throws(ServiceFault) {
        let open: [StoredRescan]
        do throws(SQLiteError) {
            open = try reader.openOperations(OperationMethod.rescan.rawValue, store: store.id).map { StoredRescan($0) }
        } catch {
            throw .index(error)
        }
        scan?.requests.removeAll { !open.contains($0) }
        pass?.requests.removeAll { !open.contains($0) }
        let running = (scan?.requests ?? []) + (pass?.requests ?? [])
        rescans = open.filter { !running.contains($0) }
        guard !rescans.isEmpty else { return }
        if let suspension {
            try failRescans(code: suspension.fault.code, "\(suspension.fault)")
        } else if let rootProblem {
            try failRescans(code: 14, rootProblem)
        } else {
            watch.requestScan(.request)
        }
    }

    /// What was allowed in another store than the one that is here now is not done in this one.
    func refuseAllowances(in root: RootIdentity) throws(ServiceFault) {
        let here = StoreRecord.Root(root)
        let others = rescans.filter { request in
            request.allowance.map { $0.root.map { !$0.isSame(as: here) } ?? true } ?? false
        }
        try failRescans(
            others,
            code: 9,
            "another directory is the store now than when deletions were allowed: nothing was concluded"
        )
    }

    /// Ends rescans that cannot be done.
    func failRescans(
        _ requests: [StoredRescan]? = nil,
        code: Int,
        _ message: String
    ) throws(ServiceFault) {
        let requests = requests ?? rescans
        try end(requests, OperationEnd(refusal: OperationRefusal(code: code, message: message)))
        rescans.removeAll { requests.contains($0) }
    }

    /// Ends rescans that a scan has answered.
    func endRescans(_ requests: [StoredRescan], _ result: RescanResult, failures: Int64) throws(ServiceFault) {
        do throws(ServiceFault) {
            try end(requests, OperationEnd(success: result.files, failure: failures, response: result.stored))
        } catch {
            // They are open still, in state.db: the next scan answers them.
            rescans = requests + rescans
            throw error
        }
    }

    private func end(_ requests: [StoredRescan], _ end: OperationEnd) throws(ServiceFault) {
        guard !requests.isEmpty else { return }
        do throws(SQLiteError) {
            try index.write { writer throws(SQLiteError) in
                for request in requests {
                    try writer.withdraw(request.operation)
                    try writer.end(request.operation, end)
                }
            }
        } catch {
            throw .index(error)
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
