/** What the classes of a data set are called. */

/** Languages that class names are known in. */
export type Language = "en" | "ko";

/** Fashion-MNIST's ten classes, by label. */
export const FASHION_MNIST_CLASS_NAMES: Readonly<Record<Language, readonly string[]>> = {
  en: [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ],
  ko: [
    "티셔츠/윗도리",
    "바지",
    "스웨터",
    "드레스",
    "코트",
    "샌들",
    "셔츠",
    "스니커즈",
    "가방",
    "앵클부츠",
  ],
};

/** Names for classes of which only the number is known: "0", "1", and so on. */
export function numberedClassNames(classes: number): string[] {
  return Array.from({ length: classes }, (_, label) => String(label));
}

/** The same classes in another language; a name that has no translation stays as it is. */
export function translateClassNames(classNames: readonly string[], language: Language): string[] {
  const known = FASHION_MNIST_CLASS_NAMES.en;
  return classNames.map((name) => {
    const label = known.indexOf(name);
    return label < 0 ? name : FASHION_MNIST_CLASS_NAMES[language][label];
  });
}
