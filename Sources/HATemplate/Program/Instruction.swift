/// A slot of the current template's frame: a variable, the dot of a block, or a value on its way.
typealias Slot = Int32

/// One step of a program. What `a`, `b` and `c` mean stands beside each operation; `pc` is an index into the code.
struct Instruction: BitwiseCopyable {
    var operation: Operation
    /// Small operand: the number of arguments or variables.
    var count: UInt16 = 0
    var a: Int32 = 0
    var b: Int32 = 0
    var c: Int32 = 0

    enum Operation: UInt8, BitwiseCopyable {
        /// Writes `c` bytes of the constants, from `b`.
        case text
        /// As `text`, and then what the next instruction says.
        case textThenEmit, textThenEmitMember, textThenEmitSafely, textThenEmitMemberSafely
        /// Writes slot `a`.
        case emit
        /// Writes member `c` (a name) of slot `b`.
        case emitMember
        /// As `emit`, at site `b` of a dialect.
        case emitSafely
        /// As `emitMember`, at site `a` of a dialect.
        case emitMemberSafely

        /// The contexts of the sites from here on depend on the way that is taken: the output is read from the context of
        /// site `b` on.
        case drift
        /// Fails where a statement has left nothing of an argument that is needed, in the context of site `b`.
        case expectArgument

        /// Slot `a` becomes constant `b`.
        case constant
        /// Slot `a` becomes slot `b`.
        case copy
        /// Slot `a` becomes member `c` (a name) of slot `b`.
        case member
        /// Fails unless member `c` (a name) of slot `b` is a method that may take arguments.
        case expectMethod
        /// Slot `a` becomes the result of method `c` (a name) of slot `b`, with `count` arguments in the slots after it.
        case memberWithArguments
        /// A nil in slot `a` becomes the missing value, as when a value leaves a pipeline.
        case leavePipeline
        /// Slot `a` becomes the result of function `b` of `count` arguments in the slots from `c`.
        case call
        /// As `call` of `eq` and `ne` with two arguments.
        case equal, notEqual

        /// Goes to `b`.
        case jump
        /// Goes to `b` when slot `a` is not true.
        case jumpIfFalse
        /// Goes to `b` when slot `a` is true.
        case jumpIfTrue
        /// Goes to `b` when the variable in slot `a` has not been declared by the path taken.
        case jumpIfUndeclared
        /// Makes the variables in the slots from `a` before `b` undeclared.
        case undeclare

        /// Begins a loop over slot `a` with `count` variables: sets the cursor `a + 1`; goes to `b` when it is empty.
        case rangeStart
        /// The next element into slot `a + 2` and its index or key into `a + 3`, and goes to `c`; to `b` when there is none. `count` is
        /// the index of what the loop reads of its elements.
        case rangeNext

        /// Runs template `b` with slot `a` as its dot.
        case callTemplate
        /// Slot `a` becomes what template `b` gives, with slot `c + 1` as its dot; where `b` is negative, slot `c` holds
        /// the template's name. With a `count` of 1 its output stays where it is, and the slot becomes an empty text.
        case callPartial
        /// Ends the partial that runs with the value in slot `a` as its result.
        case returnValue
        /// Ends a template.
        case `return`
        /// Fails with failure `b` of the program.
        case fail
    }
}

/// A failure that was seen while compiling, but counts only where it is reached: Go finds these while running.
struct DeferredFailure: Sendable {
    let code: DiagnosticCode
    let message: String
}
