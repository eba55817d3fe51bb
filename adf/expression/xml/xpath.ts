import { Problem } from '../expression-error.ts'
import { stringValue, type XmlNode } from './tree.ts'
import { parseXPath, type Step, type XPath } from './xpath-parse.ts'
import { xpathFunctions } from './xpath-functions.ts'
import { toBoolean, toNodes, toNumber, toText, type XPathContext, type XPathValue } from './xpath-value.ts'

export function selectXPath(root: XmlNode, text: string): XPathValue {
  return evaluate(parseXPath(text), { node: root, position: 1, size: 1 })
}

function evaluate(xpath: XPath, context: XPathContext): XPathValue {
  switch (xpath.kind) {
    case 'number':
    case 'string':
      return xpath.value
    case 'negate':
      return -toNumber(evaluate(xpath.operand, context))
    case 'binary':
      return binary(xpath.operator, xpath.left, xpath.right, context)
    case 'call': {
      const found = xpathFunctions[xpath.name]
      if (found === undefined || !Object.hasOwn(xpathFunctions, xpath.name)) {
        throw new Problem(`XPath has no function '${xpath.name}'`)
      }
      const { length } = xpath.args
      if (length < found.minArgs || length > found.maxArgs) {
        throw new Problem(`XPath's ${xpath.name}() does not take ${length} arguments`)
      }
      return found.evaluate(
        xpath.args.map((arg) => evaluate(arg, context)),
        context,
      )
    }
    case 'filter':
      return filter(toNodes(evaluate(xpath.target, context)), xpath.predicates)
    case 'path': {
      let nodes: readonly XmlNode[]
      if (xpath.start === null) nodes = [context.node]
      else nodes = xpath.start === 'root' ? [rootOf(context.node)] : toNodes(evaluate(xpath.start, context))
      for (const step of xpath.steps) nodes = takeStep(nodes, step)
      return nodes
    }
  }
}

function binary(operator: string, leftPath: XPath, rightPath: XPath, context: XPathContext): XPathValue {
  const left = evaluate(leftPath, context)
  if (operator === 'or') return toBoolean(left) || toBoolean(evaluate(rightPath, context))
  if (operator === 'and') return toBoolean(left) && toBoolean(evaluate(rightPath, context))
  const right = evaluate(rightPath, context)
  switch (operator) {
    case '|':
      return inOrder([...toNodes(left), ...toNodes(right)])
    case '+':
      return toNumber(left) + toNumber(right)
    case '-':
      return toNumber(left) - toNumber(right)
    case '*':
      return toNumber(left) * toNumber(right)
    case 'div':
      return toNumber(left) / toNumber(right)
    case 'mod':
      return toNumber(left) % toNumber(right)
    default:
      return compare(operator, left, right)
  }
}

/** A set of nodes compares by any of its nodes. */
function compare(operator: string, left: XPathValue, right: XPathValue): boolean {
  if (typeof left === 'object' && typeof right !== 'boolean') {
    return left.some((node) => compare(operator, stringValue(node), right))
  }
  if (typeof right === 'object' && typeof left !== 'boolean') {
    return right.some((node) => compare(operator, left, stringValue(node)))
  }
  if (operator === '=' || operator === '!=') return equal(left, right) === (operator === '=')
  const [a, b] = [toNumber(left), toNumber(right)]
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  return operator === '>' ? a > b : a >= b
}

function equal(left: XPathValue, right: XPathValue): boolean {
  if (typeof left === 'boolean' || typeof right === 'boolean') return toBoolean(left) === toBoolean(right)
  if (typeof left === 'number' || typeof right === 'number') return toNumber(left) === toNumber(right)
  return toText(left) === toText(right)
}

function rootOf(node: XmlNode): XmlNode {
  let at = node
  while (at.parent !== null) at = at.parent
  return at
}

function takeStep(nodes: readonly XmlNode[], step: Step): readonly XmlNode[] {
  const found: XmlNode[] = []
  for (const node of nodes) {
    const candidates = [...axis(node, step.axis)].filter((one) => passes(one, step))
    found.push(...filter(candidates, step.predicates))
  }
  return inOrder(found)
}

function passes(node: XmlNode, { axis: name, test }: Step): boolean {
  if (test === 'node()') return true
  if (test === 'text()' || test === 'comment()') return node.kind === test.slice(0, -2)
  if (test === 'processing-instruction()') return node.kind === 'instruction'
  if (node.kind !== (name === 'attribute' ? 'attribute' : 'element')) return false
  return test === '*' || (node.localName === test && node.namespace === '')
}

function filter(nodes: readonly XmlNode[], predicates: readonly XPath[]): readonly XmlNode[] {
  let kept = nodes
  for (const predicate of predicates) {
    const size = kept.length
    kept = kept.filter((node, index) => {
      const value = evaluate(predicate, { node, position: index + 1, size })
      return typeof value === 'number' ? value === index + 1 : toBoolean(value)
    })
  }
  return kept
}

function inOrder(nodes: readonly XmlNode[]): readonly XmlNode[] {
  return [...new Set(nodes)].toSorted((a, b) => a.order - b.order)
}

/** Nodes of an axis, nearest first. */
function* axis(node: XmlNode, name: string): Generator<XmlNode> {
  const { parent } = node
  const siblings = parent === null || node.kind === 'attribute' ? [] : parent.children
  const own = siblings.indexOf(node)
  switch (name) {
    case 'self':
      yield node
      return
    case 'child':
      yield* node.children
      return
    case 'attribute':
      yield* node.attributes
      return
    case 'parent':
      if (parent !== null) yield parent
      return
    case 'ancestor':
    case 'ancestor-or-self':
      if (name !== 'ancestor') yield node
      if (parent !== null) yield* axis(parent, 'ancestor-or-self')
      return
    case 'descendant':
    case 'descendant-or-self':
      if (name !== 'descendant') yield node
      for (const child of node.children) yield* axis(child, 'descendant-or-self')
      return
    case 'following-sibling':
      yield* siblings.slice(own + 1)
      return
    case 'preceding-sibling':
      yield* siblings.slice(0, Math.max(0, own)).toReversed()
      return
    case 'following':
      for (const one of siblings.slice(own + 1)) yield* axis(one, 'descendant-or-self')
      if (parent !== null) yield* axis(parent, 'following')
      return
    case 'preceding':
      for (const one of siblings.slice(0, Math.max(0, own)).toReversed()) {
        yield* [...axis(one, 'descendant-or-self')].toReversed()
      }
      if (parent !== null) yield* axis(parent, 'preceding')
  }
}
