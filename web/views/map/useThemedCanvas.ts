import { useEffect, useRef, type RefObject } from "react";
import { onThemeChange } from "../../components/theme.ts";
import { readPalette, type Palette } from "./palette.ts";

type Draw = (g: CanvasRenderingContext2D, palette: Palette, pixel: number) => void;

/** A small canvas that is drawn anew when `key`, its size or the theme changes. */
export function useThemedCanvas(draw: Draw, key: string): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(draw);
  useEffect(() => {
    latest.current = draw;
  });
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const paint = (): void => {
      const magnification = element.getBoundingClientRect().width / element.offsetWidth; // of a wall, by its style sheet
      const pixel = Math.max(1, window.devicePixelRatio * (magnification || 1));
      element.width = Math.round(element.clientWidth * pixel);
      element.height = Math.round(element.clientHeight * pixel);
      const g = element.getContext("2d");
      if (g !== null) latest.current(g, readPalette(), pixel);
    };
    paint();
    const resized = new ResizeObserver(paint);
    resized.observe(element);
    const unsubscribe = onThemeChange(paint);
    return () => {
      resized.disconnect();
      unsubscribe();
    };
  }, [key]);
  return canvas;
}
