/** Is one article of the shop. */
export interface Product {
  readonly id: string;
  readonly name: string;
  readonly category: 'laptop' | 'phone' | 'audio' | 'accessory';
  /** Is the price in cents: sums of money are never fractions. */
  readonly priceCents: number;
  readonly weightGrams: number;
  readonly memoryGb?: number;
  readonly description: string;
}

/** Lists everything the shop sells. */
export const catalogue: readonly Product[] = [
  {
    id: 'laptop-air-13',
    name: 'Aerolite 13',
    category: 'laptop',
    priceCents: 119_900,
    weightGrams: 1190,
    memoryGb: 16,
    description: 'Thirteen inches, no fan, 16 hours on one charge.',
  },
  {
    id: 'laptop-pro-16',
    name: 'Workhorse 16 Pro',
    category: 'laptop',
    priceCents: 249_900,
    weightGrams: 2140,
    memoryGb: 32,
    description: 'Sixteen inches and eight cores for people who compile all day.',
  },
  {
    id: 'laptop-go-14',
    name: 'Commuter 14',
    category: 'laptop',
    priceCents: 69_900,
    weightGrams: 1420,
    memoryGb: 8,
    description: 'Fourteen inches for notes, mail and video calls.',
  },
  {
    id: 'phone-mini',
    name: 'Pebble Mini',
    category: 'phone',
    priceCents: 54_900,
    weightGrams: 141,
    description: 'A phone that fits one hand and any pocket.',
  },
  {
    id: 'phone-max',
    name: 'Pebble Max',
    category: 'phone',
    priceCents: 89_900,
    weightGrams: 219,
    description: 'The big screen, the big battery, and a third camera.',
  },
  {
    id: 'headphones-anc',
    name: 'Quietude 3',
    category: 'audio',
    priceCents: 27_950,
    weightGrams: 254,
    description: 'Over-ear headphones that cancel the noise of an open-plan office.',
  },
  {
    id: 'earbuds',
    name: 'Dots',
    category: 'audio',
    priceCents: 9_990,
    weightGrams: 46,
    description: 'Wireless earbuds with a charging case.',
  },
  {
    id: 'speaker-kitchen',
    name: 'Ladle',
    category: 'audio',
    priceCents: 14_900,
    weightGrams: 820,
    description: 'A kitchen speaker that does not mind a splash.',
  },
  {
    id: 'mouse-wireless',
    name: 'Drift Mouse',
    category: 'accessory',
    priceCents: 2_990,
    weightGrams: 85,
    description: 'A wireless mouse, silent and light.',
  },
  {
    id: 'keyboard-compact',
    name: 'Seventy-Five',
    category: 'accessory',
    priceCents: 11_900,
    weightGrams: 690,
    description: 'A compact mechanical keyboard with quiet switches.',
  },
  {
    id: 'dock-usb-c',
    name: 'Harbour Dock',
    category: 'accessory',
    priceCents: 18_900,
    weightGrams: 410,
    description: 'One cable for two screens, the network and power.',
  },
  {
    id: 'sleeve-13',
    name: 'Felt Sleeve 13',
    category: 'accessory',
    priceCents: 3_490,
    weightGrams: 160,
    description: 'A wool felt sleeve for laptops of up to thirteen inches.',
  },
];
