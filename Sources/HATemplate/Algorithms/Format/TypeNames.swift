extension Buffer where Element == UInt8 {
    /// What Go calls the type of a value. Go: fmt's `%T`, reflect.Type.String.
    mutating func appendTypeName(of value: Value, _ memory: Memory) {
        switch value.kind {
        case .missing, .null: append("<nil>" as StaticString)
        case .bool: append("bool" as StaticString)
        case .int:
            switch value.type {
            case .uint8, .duration, .month, .weekday: appendName(ofElementType: value.type, memory)
            default: append("int" as StaticString)
            }
        case .float: append("float64" as StaticString)
        case .string: append("string" as StaticString)
        case .list:
            append("[]" as StaticString)
            appendName(ofElementType: value.type, memory)
        case .map where value.type == .keyValues: append("types.KeyValues" as StaticString)
        case .map:
            append("map[string]" as StaticString)
            appendName(ofElementType: value.type, memory)
        case .record: appendName(ofElementType: value.type, memory)
        case .time: append("time.Time" as StaticString)
        }
    }

    private mutating func appendName(ofElementType type: TypeTag, _ memory: Memory) {
        if let index = type.recordIndex, memory.shapes.indices.contains(index) {
            return append(memory.shapes[index].name)
        }
        switch type {
        case .string: append("string" as StaticString)
        case .int: append("int" as StaticString)
        case .float: append("float64" as StaticString)
        case .bool: append("bool" as StaticString)
        case .uint8: append("uint8" as StaticString)
        case .duration: append("time.Duration" as StaticString)
        case .month: append("time.Month" as StaticString)
        case .weekday: append("time.Weekday" as StaticString)
        case .map: append("map[string]interface {}" as StaticString)
        case .listOfAny: append("[]interface {}" as StaticString)
        case .listOfStrings: append("[]string" as StaticString)
        case .listOfInts: append("[]int" as StaticString)
        case .listOfFloats: append("[]float64" as StaticString)
        case .listOfBools: append("[]bool" as StaticString)
        case .listOfMaps: append("[]map[string]interface {}" as StaticString)
        case .keyValues: append("types.KeyValues" as StaticString)
        default: append("interface {}" as StaticString)
        }
    }
}
