/** Of GitHub's workflows, and of templates. No expression is ever worked out in these files. */
const expression = /\$\{\{[^}]{0,500}\}?\}?/;

export const expressionAdvice = {
  message: "an expression (`${{ … }}`), which only GitHub's workflows work out: here every value is written plainly",
  hint: 'write the value itself; secrets are named by reference in the policy, and the registry is said there, too',
};

/** Brackets in brackets: of Helm, Jinja and others. */
const template = /\{\{[^}]{0,500}\}?\}?/;

export const templateAdvice = {
  message: 'brackets in brackets (`{{ … }}`): no template is filled in here',
  hint: 'write the value itself',
};

export interface Foreign {
  column: number;
  endColumn: number;
  message: string;
  hint: string;
}

/** The first expression or template in a line. Comments may hold any. */
export function foreignIn(line: string): Foreign | undefined {
  const code = /^\s*#/.test(line) ? '' : line.replace(/\s#.*$/, '');
  const [found, advice] = code.includes('${{')
    ? [expression.exec(code), expressionAdvice]
    : [template.exec(code), templateAdvice];
  return found ? { column: found.index + 1, endColumn: found.index + found[0].length + 1, ...advice } : undefined;
}

export function holdsExpression(text: string): boolean {
  return text.includes('${{');
}
