import Testing
import Vocabulary

@Suite struct RPCCodeTests {
    @Test func `the numbers are Google's, without a gap`() {
        #expect(RPCCode.allCases.map(\.number) == Array(0...16))
        #expect(Set(RPCCode.allCases.map(\.name)).count == 17)
    }

    @Test(arguments: RPCCode.allCases)
    func `a number that was kept is the code again`(code: RPCCode) {
        #expect(RPCCode(number: code.number) == code)
        #expect(code.rawValue == Int32(code.number))
    }

    @Test(arguments: [-1, 17, 1 << 32, 1 << 32 + 5, .max, .min])
    func `another number is none`(number: Int) {
        #expect(RPCCode(number: number) == nil)
    }

    @Test(arguments: [
        (RPCCode.invalidArgument, 3, "INVALID_ARGUMENT", 400), (.notFound, 5, "NOT_FOUND", 404),
        (.alreadyExists, 6, "ALREADY_EXISTS", 409), (.resourceExhausted, 8, "RESOURCE_EXHAUSTED", 429),
        (.failedPrecondition, 9, "FAILED_PRECONDITION", 400), (.internalError, 13, "INTERNAL", 500),
        (.unavailable, 14, "UNAVAILABLE", 503), (.dataLoss, 15, "DATA_LOSS", 500),
    ])
    func `a code has a name and a status of HTTP`(code: RPCCode, number: Int, name: String, status: Int) {
        #expect(code.number == number && code.name == name && code.httpStatus == status)
    }
}
