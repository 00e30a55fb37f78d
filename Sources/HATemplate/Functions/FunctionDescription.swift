/// The description of a function of the template language.
package struct FunctionDescription: Sendable {
    /// The full name: `strings.ToUpper`.
    package let name: String
    /// Further names: `upper`.
    package let aliases: [String]
    /// `upper TEXT: string`, with optional parameters in brackets and `…` after what may be repeated.
    package let signature: String
    /// One line, without full stop.
    package let summary: String
    /// A template that shows the function.
    package let example: String
    /// What the example prints, or the mistake that it makes.
    package let result: String
    /// Of what the result depends on beside the arguments; nil for nothing.
    package let dependence: String?

    init(_ function: Function) {
        name = function.name
        aliases = function.aliases
        signature = Self.signature(function)
        summary = function.summary
        example = function.example
        result = Self.run(function.example)
        dependence =
            switch function.purity {
            case .pure: nil
            case .clock: "the time, which SOURCE_DATE_EPOCH fixes"
            case .environment: "what the caller allows it to see"
            }
    }

    private static func signature(_ function: Function) -> String {
        var text = function.name
        for parameter in function.parameters {
            switch parameter.requirement {
            case .required: text += " \(parameter.name.uppercased())"
            case .optional: text += " [\(parameter.name.uppercased())]"
            case .variadic: text += " [\(parameter.name.uppercased())…]"
            }
        }
        return "\(text): \(function.result.text)"
    }

    private static func run(_ example: String) -> String {
        do {
            let template = try Template.parse(SourceFile(name: "example", text: example))
            var output = ByteBuffer()
            try template.render(.empty, options: Self.exampleOptions, into: &output)
            return output.withElements { String(decoding: $0, as: UTF8.self) }
        } catch let error as Diagnostic {
            return "error: \(error.message)"
        } catch let error as Diagnostics {
            return error.items.map { "error: \($0.message)" }.joined(separator: "\n")
        } catch {
            return ""
        }
    }

    /// The environment in which examples run, the same on every machine: 2 January 2026, 15:04:05 UTC, one variable and
    /// one file.
    private static let exampleOptions = RenderOptions(
        now: 1_767_366_245_000_000_000,
        environment: RenderEnvironment(
            variables: ["REGION": "eu-west"],
            files: .init(
                read: { $0 == "motd.txt" ? .success(Array("welcome".utf8)) : .failure(.notFound) },
                list: { _ in .success([.init(name: "motd.txt", isFolder: false, size: 7)]) },
                exists: { .success($0 == "motd.txt" || $0 == ".") })))
}

extension Template {
    /// Every function that templates can call, sorted by name. Running the examples takes some milliseconds.
    package static var functions: [FunctionDescription] {
        FunctionLibrary.standard.all.map(FunctionDescription.init).sorted {
            $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
    }

    /// The function under a name or an alias.
    package static func function(named name: String) -> FunctionDescription? {
        FunctionLibrary.standard[name].map(FunctionDescription.init)
    }

    /// Every name and alias of a function.
    package static var functionNames: [String] { FunctionLibrary.standard.names }
}
