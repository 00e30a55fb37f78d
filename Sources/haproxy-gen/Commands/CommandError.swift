import HADelivery
import HAServices
import HASystem
import HATemplate

/// Why a command did not do its work, with all that there is to say about it.
enum CommandError: Error {
    case usage(UsageError)
    case file(FileError)
    case state(StateError)
    case standardOutput(SystemError)
    case render(RenderFailure)
    case apply(ApplyFailure)
    /// Files are wrong.
    case mistakes([Diagnostic])
    /// The input is wrong, at no place of a file.
    case input(String)
    /// What the input asks of the system cannot be done.
    case environment(String)
}

extension CommandError {
    /// Says why, and with what code the program ends.
    func show(on console: Console) -> ExitCode {
        switch self {
        case .usage(let error):
            console.error(error.mistake.sentence)
            console.say("\(Program.name): \(error.hint)\n")
            return .usage
        case .file(let error):
            return error.show(on: console)
        case .state(let error):
            return error.show(on: console)
        case .standardOutput(let error):
            console.error("cannot write to standard output: \(error.text)")
            return .environment
        case .render(let failure):
            console.show(failure.report)
            return failure.cause.show(on: console)
        case .apply(let failure):
            return failure.show(on: console)
        case .mistakes(let mistakes):
            console.show(mistakes)
            return .inputWrong
        case .input(let sentence):
            console.error(sentence)
            return .inputWrong
        case .environment(let sentence):
            console.error(sentence)
            return .environment
        }
    }
}

extension FileError {
    fileprivate func show(on console: Console) -> ExitCode {
        console.error(sentence)
        return .environment
    }
}

extension StateError {
    fileprivate func show(on console: Console) -> ExitCode {
        console.show(diagnostics)
        if let sentence { console.error(sentence) }
        if let advice { console.note(advice) }
        return isInputWrong ? .inputWrong : .environment
    }
}

extension RenderFailure.Cause {
    fileprivate func show(on console: Console) -> ExitCode {
        switch self {
        case .input:
            return .inputWrong
        case .file(let error):
            return error.show(on: console)
        case .state(let error):
            return error.show(on: console)
        case .badTime(let text):
            console.error(
                "the environment variable SOURCE_DATE_EPOCH is not a number of seconds since 1970: '\(text)'")
            return .inputWrong
        }
    }
}

extension ApplyFailure {
    fileprivate func show(on console: Console) -> ExitCode {
        switch self {
        case .render(let cause):
            return cause.show(on: console)
        case .file(let error):
            return error.show(on: console)
        case .state(let error):
            return error.show(on: console)
        case .guards(let broken):
            for one in broken { console.error(one.sentence) }
            return .inputWrong
        case .noVersion(let target, let steps, let available):
            console.error(
                "\(target) has \(available) earlier versions, not \(steps); "
                    + "haproxy-gen apply --rollback list shows them")
            return .inputWrong
        // Events have said why, target by target.
        case .check:
            return .inputWrong
        case .reload:
            return .environment
        }
    }
}
