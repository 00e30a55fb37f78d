import HAServices
import HASystem
import HATemplate

enum StateFuzz {
    static func complaint(_ input: [UInt8]) -> String? {
        payloads(pieces(of: input, atMost: 3)) ?? stateFile(input) ?? imported(input)
    }

    // MARK: Payloads

    /// One event after the other changes a table that is not stored yet.
    private static func payloads(_ payloads: [[UInt8]]) -> String? {
        var stored: InputFile?
        for bytes in payloads {
            do {
                guard let text = try event(bytes, stored) else { continue }
                stored = text
            } catch let complaint {
                return complaint.text
            }
        }
        return nil
    }

    private struct Complaint: Error {
        let text: String
    }

    /// The table after an event; nil when the event is refused.
    private static func event(_ bytes: [UInt8], _ stored: InputFile?) throws(Complaint) -> InputFile? {
        guard let proposal = try proposal(bytes, stored) else { return nil }
        let file = try write(proposal)
        // Once more adds what else runs of the services that are new; and then there is nothing to do.
        var last = file
        for isLast in [false, true] {
            guard let again = try Self.proposal(bytes, last) else {
                throw Complaint(text: "an event is refused the second time")
            }
            if isLast, !again.isUnchanged { throw Complaint(text: "an event changes more the third time") }
            last = try write(again)
        }
        return file
    }

    /// The state file, which must be read as it was written.
    private static func write(_ proposal: Proposal) throws(Complaint) -> InputFile {
        let revision = proposal.baseRevision + 1
        let file = InputFile(name: "current.json", bytes: proposal.text(revision: revision))
        let read: Revision
        do { read = try Revision(file, table: proposal.table, number: revision) } catch {
            throw Complaint(text: "a state file that was written is refused: \(error)")
        }
        if read.file != file.bytes { throw Complaint(text: "a state file is written differently again") }
        return file
    }

    private static func proposal(_ bytes: [UInt8], _ stored: InputFile?) throws(Complaint) -> Proposal? {
        let payload: Payload
        do { payload = try Payload.read(name: "payload.json", bytes: bytes) } catch {
            if let text = Fuzz.complaint(about: error.items) { throw Complaint(text: text) }
            return nil
        }
        // Of another table the stored file says so.
        do { return try payload.proposal(base: stored, isToStore: true) } catch {
            if case .refused(let diagnostics, _) = error { try check(diagnostics) }
            if case .input(let diagnostics) = error { try check(diagnostics) }
            return nil
        }
    }

    private static func check(_ diagnostics: Diagnostics) throws(Complaint) {
        if diagnostics.items.isEmpty { throw Complaint(text: "refused without a reason") }
        if let text = Fuzz.complaint(about: diagnostics.items) { throw Complaint(text: text) }
    }

    // MARK: Files

    private static func stateFile(_ bytes: [UInt8]) -> String? {
        guard let table = TableName("t") else { return "t is no table" }
        do {
            let revision = try Revision(InputFile(name: "current.json", bytes: bytes), table: table, number: nil)
            return ServiceFuzz.roundTrip(revision.document)
        } catch {
            guard case .refused(let diagnostics, _) = error else { return "no reason: \(error)" }
            return Fuzz.complaint(about: diagnostics.items)
        }
    }

    /// Service files, state files whatever their digest says, and scans of a table.
    private static func imported(_ bytes: [UInt8]) -> String? {
        do {
            return ServiceFuzz.roundTrip(try StateImport.read(name: "import.json", bytes: bytes).document)
        } catch {
            return error.items.isEmpty ? "refused without a reason" : Fuzz.complaint(about: error.items)
        }
    }
}
