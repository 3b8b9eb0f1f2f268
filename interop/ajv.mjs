// Reports whether ajv accepts values: it reads one JSON request per line from standard
// input, and writes one JSON answer per line to standard output.
//
//   {"schema": NAME, "document": SCHEMA, "payload": VALUE}
//
// The first request that uses a name has the schema; later ones leave out
// "document". An answer is {"valid": true}, or {"valid": false, "reason":
// TEXT}, or {"failure": TEXT} if the value could not be validated.
import Ajv from 'ajv/dist/2020.js'

const ajv = new Ajv({
  strict: true,
  // These two refuse schemas for their style. strictTypes requires "type" next to every
  // "properties", but the schemas have it where a definition is used, because null is
  // allowed in one place and not in another.
  // strictRequired requires "properties" in every {"not": {"required": [...]}}.
  strictTypes: false,
  strictRequired: false,
})
const compiled = new Map()

function answer(line) {
  try {
    const request = JSON.parse(line)
    if ('document' in request) compiled.set(request.schema, ajv.compile(request.document))
    const validate = compiled.get(request.schema)
    if (validate(request.payload)) return { valid: true }
    return { valid: false, reason: ajv.errorsText(validate.errors) }
  } catch (error) {
    return { failure: String(error) }
  }
}

let rest = ''
process.stdin.setEncoding('utf8')
for await (const chunk of process.stdin) {
  const lines = (rest + chunk).split('\n')
  rest = lines.pop()
  process.stdout.write(lines.map((line) => JSON.stringify(answer(line)) + '\n').join(''))
}
