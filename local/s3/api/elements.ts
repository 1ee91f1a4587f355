/** Elements by their names; an element of which there are several is an array, one that is undefined is left out. */
export interface Elements {
  readonly [name: string]: Content | readonly Content[];
}

export type Content = string | number | boolean | undefined | Elements;
