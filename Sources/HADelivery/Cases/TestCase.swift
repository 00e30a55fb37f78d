import HATemplate

/// What a project says that its outputs do: a request and who answers it, or what the text of an output is.
package struct TestCase: Sendable {
    package var name: String
    /// The name of the file, as messages have it.
    package var file: String
    package var location: SourceLocation?
    /// The name of the target; nil: the project's only one.
    package var target: String?
    /// nil: a case about the text of the output.
    package var request: RouteRequest?
    /// The URL as it is written.
    package var url: String?
    /// What must hold; none where a case waits for its answer.
    package var expected: [Fact] = []
    /// Services in place of the project's.
    package var services: ServiceSource?
    /// The bytes of `expect` in the file; nil: there is none.
    package var expectRange: Range<Int>?
    /// Where the case's object ends in the file: its closing brace.
    package var end = 0

    package init(name: String, file: String, location: SourceLocation? = nil) {
        self.name = name
        self.file = file
        self.location = location
    }

    /// One thing that must hold.
    package indirect enum Fact: Sendable, Equatable {
        /// The Id of the service that answers.
        case service(String)
        case backend(String)
        case status(Int)
        case location(String)
        /// A header of the answer; nil: there is none of that name.
        case header(String, String?)
        case not(Fact)
        case contains(String)
        /// The file that the output is equal to.
        case equals(String)
        /// The code of a mistake.
        case fails(String)

        /// Whether only an answer to a request tells.
        var isAboutAnswer: Bool {
            switch self {
            case .service, .backend, .status, .location, .header: true
            case .contains, .equals, .fails: false
            case .not(let fact): fact.isAboutAnswer
            }
        }
    }
}

/// What happened to a case.
package struct CaseResult: Sendable {
    package enum Status: Sendable, Equatable {
        case passed
        /// Sentences that say what is otherwise.
        case failed([String])
        /// Nobody could be asked, because a program is not installed, or was not to be.
        case unasked(String)
    }

    package let test: TestCase
    /// The name of the target.
    package let target: String
    package var status: Status
    package var answer: Answer?
    /// The output, where it was made.
    package var output: ConfigurationText?
    /// Milliseconds, shared by the cases of one start.
    package var time = 0

    /// Who answered, and why.
    package struct Answer: Sendable {
        package let explanation: RouteExplanation
        package let explainer: RouteExplainer
        /// The Id of the service.
        package let service: String?
        /// The rule that would lead to what was expected, where it failed.
        package var nearest: RouteExplanation.Line?
    }

    package var isFailure: Bool {
        if case .failed = status { true } else { false }
    }
}
