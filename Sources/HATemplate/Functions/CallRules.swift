/// How the type of a call's result follows from its arguments, where the kinds in the function's entry do not say all.
/// The checker decides on it with a `switch` over all cases.
enum ResultRule: Sendable {
    /// One of the entry's kinds; nothing more is known.
    case kinds
    /// The arguments as a text, as an action prints them.
    case printed
    /// There is none: the call always fails.
    case never
    /// A list of values of one kind.
    case list(of: ValueType)
    case listOfArguments
    /// The list or text that stands at a position, perhaps without elements.
    case part(of: Int)
    /// A list of some of the elements of the collection at a position.
    case selection(of: Int)
    /// The elements of two lists.
    case union
    /// One of the arguments at these positions.
    case oneOf(Int, Int)
    /// The argument at one position when it is true, else the one at the other.
    case nonEmpty(Int, else: Int)
    /// The first argument that is not nil.
    case firstPresent
    /// An integer of integers, a float where a float joins them, a text of texts.
    case arithmetic
    /// A map of the arguments by turns as keys and values.
    case dictionary
    /// Of a map.
    case keys, values
    /// True when the argument is not.
    case negation
    /// Whether the first argument has the key that comes second.
    case presence
    /// Go's comparisons.
    case equality(isNegated: Bool)
    case order(OrderRelation)
    /// Go's `index` and `slice`.
    case element, slice
    /// The setting of the name that comes first.
    case parameter
}

/// How the first of two values has to lie to the second.
enum OrderRelation: Sendable {
    case less, lessOrEqual, greater, greaterOrEqual

    /// What holds of the second value and the first.
    var reversed: OrderRelation {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    func holds(_ first: Int, _ second: Int) -> Bool {
        switch self {
        case .less: first < second
        case .lessOrEqual: first <= second
        case .greater: first > second
        case .greaterOrEqual: first >= second
        }
    }
}

/// What a function asks of its arguments together, beyond the kinds of each parameter.
enum ArgumentRule: Sendable {
    case none
    /// Keys and values by turns.
    case entries
    /// A list, or nothing, comes last.
    case listLast
    /// Numbers alone, or texts alone.
    case sum
    /// The values that the parameter `format` asks for.
    case format
    /// Either a map and a key, or a part and a text.
    case partBeforeText
    /// The second is the name of a function, which is called.
    case functionName
}

/// What a call costs, so that a render can bound its work.
enum CallCost: Sendable {
    /// The same whatever the arguments are, or counted by the function itself.
    case constant
    /// It looks at every byte of the texts and every element of the lists and maps among its arguments.
    case linear
    /// As above, and writes up to so many bytes for each of a text.
    case growing(Int)
}
