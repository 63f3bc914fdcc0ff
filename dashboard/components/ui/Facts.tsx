/** Names and values in two columns: options, the machine. */

interface FactsProps {
  readonly facts: readonly (readonly [name: string, value: string])[];
}

export default function Facts({ facts }: FactsProps) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
