import HADelivery
import HATemplate

/// Says why a request could not be asked.
struct RouteFailures {
    let target: ProjectTarget
    let text: ConfigurationText

    /// Shows all but the last sentence, which the error carries.
    func error(_ outcome: RouteRun.Outcome, _ console: Console) -> CommandError {
        switch outcome {
        case .notInstalled(let program): return .environment("\(program) is not installed, and it is to be asked")
        case .nothingToAsk:
            return .input("the target \(target.name) is for no proxy, so nobody can be asked")
        case .failed(let complaints): return last(of: complaints.map(sentence), console)
        case .refusedCode(let refusals):
            return last(
                of: refusals.map { refusal in
                    let line = text.line(ofOffset: refusal.range.lowerBound)
                    return "\(target.output):\(line): \(refusal.message); --allow-code lets the proxy start"
                }, console)
        case .answered: return last(of: [], console)
        }
    }

    private func last(of sentences: [String], _ console: Console) -> CommandError {
        for sentence in sentences.dropLast() { console.error(sentence) }
        return .input(sentences.last ?? "the proxy gave no answer")
    }

    private func sentence(_ complaint: Complaint) -> String {
        let place = complaint.line.map { "\(target.output):\($0): " } ?? "\(target.output): "
        let speaker = complaint.isAboutCheck ? "" : "\(text.dialect.program ?? "the proxy") says: "
        return place + speaker + complaint.message
    }
}
