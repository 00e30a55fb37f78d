/// What came of a cage, as it says so on a pipe of its own: never in the words or the exit code of the program inside.
package struct CageReport: Sendable, Equatable {
    /// Parts that a system may lack.
    package enum Part: String, Sendable, CaseIterable {
        /// A network and a file system of its own.
        case namespaces
        /// In that file system: read-only, and empty folders where proxies write by default.
        case mounts
        /// Rules that say which files may be opened.
        case landlock
        /// Refusal of system calls.
        case calls
    }

    /// What has to work everywhere.
    package enum Step: String, Sendable, CaseIterable {
        case plan, descriptors, privileges, limits, capabilities, rules, folder
        /// Neither Landlock nor a file system of its own: asked to be strict, it ran nothing.
        case strictness
        /// The program itself could not be run.
        case program
    }

    package struct Failure: Error, Equatable {
        package let step: Step
        package let error: SystemError

        package init(_ step: Step, _ error: SystemError) {
            self.step = step
            self.error = error
        }
    }

    package var missing: [Part] = []
    /// Why nothing was run.
    package var failure: Failure?

    package init(missing: [Part] = [], failure: Failure? = nil) {
        self.missing = missing
        self.failure = failure
    }

    /// Where there is no cage at all.
    package static let none = CageReport(missing: Part.allCases)

    // MARK: On the pipe

    static func line(missing part: Part) -> String { "missing \(part.rawValue)\n" }

    static func line(_ failure: Failure) -> String { "failed \(failure.step.rawValue) \(failure.error.number)\n" }

    /// Of what a cage wrote before the program began; what is no line of ours is left out.
    init(reading bytes: [UInt8]) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            switch (words.first, words.count) {
            case ("missing", 2): if let part = Part(rawValue: words[1]) { missing.append(part) }
            case ("failed", 3):
                if let step = Step(rawValue: words[1]), let number = Int32(words[2]) {
                    failure = Failure(step, SystemError(number: number))
                }
            default: break
            }
        }
    }

    // MARK: For a person

    /// One sentence about what was missing; nil when nothing was.
    package var note: String? {
        guard !missing.isEmpty else { return nil }
        let names = missing.map { part in
            switch part {
            case .namespaces: "namespaces"
            case .mounts: "a file system of its own"
            case .landlock: "Landlock"
            case .calls: "a filter of system calls"
            }
        }
        return "this system does not have every wall around the proxy's check: no \(names.joined(separator: ", no "))"
    }
}

extension CageReport.Failure {
    /// One line without a full stop.
    package var sentence: String {
        switch step {
        case .strictness: "this system has neither Landlock nor namespaces to cage the proxy's check"
        case .program: "the program could not be run: \(error.text)"
        case .plan, .descriptors, .privileges, .limits, .capabilities, .rules, .folder:
            "the cage of the proxy's check failed (\(step.rawValue)): \(error.text)"
        }
    }
}
