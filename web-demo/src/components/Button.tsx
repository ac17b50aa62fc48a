// Buttons, and links that look like them. A busy button keeps its width and its name, and takes no second click.
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link, type LinkProps } from "react-router";
import styles from "./Button.module.css";
import { Icon, type IconName } from "./Icon";

interface Look {
  variant?: "primary" | "secondary" | "quiet" | "danger";
  size?: "m" | "s";
  icon?: IconName;
  wide?: boolean;
}

interface Props extends ButtonHTMLAttributes<HTMLButtonElement>, Look {
  busy?: boolean;
}

export function Button({ variant, size, icon, wide, busy = false, type = "button", children, className, onClick, ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      className={`${look({ variant, size, wide })} ${className ?? ""}`}
      aria-busy={busy || undefined}
      aria-disabled={busy || rest["aria-disabled"]}
      onClick={(event) => {
        if (busy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      <Face icon={icon}>{children}</Face>
      {busy && <span className={styles.spinner} aria-hidden="true" />}
    </button>
  );
}

export function ButtonLink({ variant, size, icon, wide, children, ...rest }: LinkProps & Look) {
  return (
    <Link {...rest} className={look({ variant, size, wide })}>
      <Face icon={icon}>{children}</Face>
    </Link>
  );
}

function Face({ icon, children }: { icon: IconName | undefined; children: ReactNode }) {
  return (
    <span className={styles.face}>
      {icon !== undefined && <Icon name={icon} size={18} />}
      {children}
    </span>
  );
}

type Given<T> = { [Key in keyof T]?: T[Key] | undefined };

function look({ variant = "primary", size = "m", wide = false }: Given<Look>): string {
  return [styles.button, styles[variant], styles[size], wide ? styles.wide : ""].join(" ");
}
